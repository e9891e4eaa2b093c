/** The 0 to 100 of a change and of an assessment is its `priority`; `order` is a host's place in a plan. */
import { fieldsOf, type Migration, type RawItem, renamed } from './migration.ts'

const kinds = ['change', 'assessment']

function withName(item: RawItem, from: string, to: string): readonly RawItem[] {
  const kind = kinds.find((one) => one === item.kind)
  const fields = kind === undefined ? undefined : fieldsOf(item, kind)
  const value = fields && renamed(fields, from, to)
  return [value ? { ...item, value } : item]
}

export const priority: Migration = {
  id: '001-priority',
  says: 'The order of changes and assessments becomes priority.',
  up: (item) => withName(item, 'order', 'priority'),
  down: (item) => withName(item, 'priority', 'order'),
}

/** An open ring knows since when its gates doubt; an older Drydock does not, and ends such a ring at once. */
import { fieldsOf, type Migration } from './migration.ts'

export const doubts: Migration = {
  id: '006-doubts',
  says: 'A ring may carry the instant since which its gates have held for what may be over in a moment.',
  up: (item) => [item],
  down(item) {
    const fields = fieldsOf(item, 'ring')
    if (!fields || !Object.hasOwn(fields, 'doubtedSince')) return [item]
    const { doubtedSince: _, ...value } = fields
    return [{ ...item, value }]
  },
}

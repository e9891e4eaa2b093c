/**
 * Which execution drives a change is a record of its own, and so is the catalogue last looked at: an older Drydock had
 * neither.
 */
import type { Migration, RawItem } from './migration.ts'

const kinds = ['driver', 'last-catalogue']

export const drivers: Migration = {
  id: '004-drivers',
  says: 'New records say which execution drives a change, and under which catalogue changes were last reconciled.',
  up: (item) => [item],
  down: (item: RawItem) => (kinds.includes(item.kind) ? [] : [item]),
}

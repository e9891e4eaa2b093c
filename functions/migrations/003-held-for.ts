/** A held change says what ends its hold; an older hold could only end at a time, or by people. */
import { fieldsOf, type Migration } from './migration.ts'

export const heldFor: Migration = {
  id: '003-held-for',
  says: 'A held change carries each reason with what ends it.',
  up(item) {
    const fields = fieldsOf(item, 'change')
    if (fields?.state !== 'held' || Object.hasOwn(fields, 'heldFor')) return [item]
    const { heldBecause = 'unknown', heldUntil } = fields
    const endedBy = heldUntil === undefined ? { kind: 'person', role: 'operations' } : { kind: 'time', at: heldUntil }
    return [{ ...item, value: { ...fields, heldFor: [{ gate: 'unknown', because: heldBecause, endedBy }] } }]
  },
  down(item) {
    const fields = fieldsOf(item, 'change')
    if (!fields || !Object.hasOwn(fields, 'heldFor')) return [item]
    const { heldFor: _, ...value } = fields
    return [{ ...item, value }]
  },
}

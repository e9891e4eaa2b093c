/** A service's work record becomes its occupancy, in the field's words. */
import type { Json } from '../kit/json.ts'
import { fieldsOf, type Migration } from './migration.ts'

export const serviceOccupancy: Migration = {
  id: '002-service-occupancy',
  says: 'The work record of a service is its occupancy: dependents down, and who waits for what.',
  up(item) {
    const fields = fieldsOf(item, 'service-work')
    if (!fields) return [item]
    const { above = {}, wants, ...rest } = fields
    const waiting = { forService: fieldIn(wants, 'below'), forDependents: fieldIn(wants, 'above') }
    return [{ ...item, kind: 'service-occupancy', value: { ...rest, dependentsDown: above, waiting } }]
  },
  down(item) {
    const fields = fieldsOf(item, 'service-occupancy')
    if (!fields) return [item]
    const { dependentsDown = {}, waiting, ...rest } = fields
    const wants = { below: fieldIn(waiting, 'forService'), above: fieldIn(waiting, 'forDependents') }
    return [{ ...item, kind: 'service-work', value: { ...rest, above: dependentsDown, wants } }]
  },
}

/** A field of a value that should be an object; empty if missing. */
function fieldIn(value: Json | undefined, name: string): Json {
  const found = Object.entries(value ?? {}).find(([key]) => key === name)?.[1]
  return found ?? {}
}

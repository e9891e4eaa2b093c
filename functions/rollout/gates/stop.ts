/** I18: the kill switch. */
import { type Gate, heldByDoubt, heldForRole } from './gate.ts'

/** Holds while the switch names this change or all; after it is lifted, a person still has to release the change. */
export const stopGate: Gate = {
  name: 'stop',
  isAskedAt: 'every pass',
  leaves: 'nothing',
  check({ stop, change }) {
    if (stop.kind !== 'known') return heldByDoubt('the kill switch', stop)
    const { all, changeIds, by, because } = stop.value
    if (all) return heldForRole(`stopped by ${by}: ${because}`, 'change-manager')
    if (changeIds.length === 0) return undefined
    if (change.kind !== 'known') return heldByDoubt('the change', change)
    return changeIds.includes(change.value.changeId)
      ? heldForRole(`stopped by ${by}: ${because}`, 'change-manager')
      : undefined
  },
}

/** The plan of the change, and the ring's place in it: nothing is sent for a plan that the change no longer has. */
import { type Gate, type GateFacts, type GateHold, heldByDoubt, heldForRole } from './gate.ts'

/** Holds if change or plan cannot be read, if the plan has no such ring, and if the change has left its open ring. */
export const planGate: Gate = {
  name: 'plan',
  isAskedAt: 'every pass',
  leaves: 'nothing',
  check(facts) {
    const { change, plan, ring, inWork } = facts
    if (change.kind !== 'known') return heldByDoubt('the change', change)
    if (inWork) {
      const left = leftRing(change.value, ring, inWork.planHash)
      if (left) return left
    }
    if (plan.kind !== 'known') return heldByDoubt('the plan', plan)
    if (change.value.planHash === undefined) return heldForRole('the change has no plan', 'change-manager')
    if (!plan.value.rings.some(({ name }) => name === ring))
      return heldForRole(`the plan has no ring ${ring}`, 'change-manager')
    return undefined
  },
}

function leftRing(
  change: Extract<GateFacts['change'], { kind: 'known' }>['value'],
  ring: string,
  planHash: string,
): GateHold | undefined {
  if (change.planHash !== planHash) return heldForRole('the ring was opened for another plan', 'change-manager')
  if (change.state !== 'in-progress' || change.ring !== ring)
    return heldForRole(`the change is ${change.state}`, 'change-manager')
  return undefined
}

/** I4, 11.5: the quorum of exactly this plan, counted again with people and roles as they are now. */
import { approvalEndsAt, isApproved } from '../../approvals/index.ts'
import { doubtOf, type Gate, heldByDoubt, heldForRole, heldUntilTrigger } from './gate.ts'

const unapproved = 'this plan is not approved by its quorum'

/** Holds if ballot or people cannot be read, if this plan hash has no quorum, or if its approval has ended (11.5). */
export const approvalGate: Gate = {
  name: 'approval',
  isAskedAt: 'every pass',
  leaves: 'hosts-down',
  check({ change, plan, ballot, catalogue, nowIso }) {
    if (change.kind !== 'known') return heldByDoubt('the change', change)
    if (catalogue.kind !== 'known') return heldByDoubt('the catalogue', catalogue)
    if (ballot.kind === 'missing') return heldForRole(`${unapproved}: it has no ballot`, 'change-manager')
    if (ballot.kind !== 'known')
      return heldUntilTrigger(`${unapproved}: ${doubtOf('the ballot', ballot)}`, 'facts-readable')
    // Counted with the current people: those who left, lost the role or turned out to be an author no longer count.
    if (!isApproved(ballot.value, change.value.planHash, catalogue.value.people))
      return heldForRole(unapproved, 'change-manager')
    if (plan.kind !== 'known') return heldByDoubt('the plan', plan)
    const endedAt = approvalEndsAt(ballot.value, plan.value)
    if (nowIso < endedAt) return undefined
    return heldForRole(
      `the approval of this plan ended at ${endedAt}; planned again, it is asked for again`,
      'change-manager',
    )
  },
}

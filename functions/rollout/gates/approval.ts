/** I4, 11.5: the quorum of exactly this plan, counted again with people and roles as they are now. */
import { isApproved } from '../../approvals/index.ts'
import { doubtOf, type Gate, heldByDoubt, heldForRole, heldUntilTrigger } from './gate.ts'

const unapproved = 'this plan is not approved by its quorum'

/** Holds if ballot or people cannot be read, or if this plan hash has no quorum. */
export const approvalGate: Gate = {
  name: 'approval',
  isAskedAt: 'every pass',
  leaves: 'hosts-down',
  check({ change, ballot, catalogue }) {
    if (change.kind !== 'known') return heldByDoubt('the change', change)
    if (catalogue.kind !== 'known') return heldByDoubt('the catalogue', catalogue)
    if (ballot.kind === 'missing') return heldForRole(`${unapproved}: it has no ballot`, 'change-manager')
    if (ballot.kind !== 'known')
      return heldUntilTrigger(`${unapproved}: ${doubtOf('the ballot', ballot)}`, 'facts-readable')
    // Counted with the current people: those who left, lost the role or turned out to be an author no longer count.
    return isApproved(ballot.value, change.value.planHash, catalogue.value.people)
      ? undefined
      : heldForRole(unapproved, 'change-manager')
  },
}

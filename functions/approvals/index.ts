export {
  approvalEndsAt,
  approvalPurpose,
  Ballot,
  BallotRecord,
  freezeOverriddenBy,
  isApproved,
  ownRequest,
  reviewedBy,
  rollbackAuthor,
} from './ballot.ts'
export { planApproval } from './plan-approval.ts'

export { approvalPurpose, Ballot, BallotRecord, isApproved, ownRequest, rollbackAuthor } from './ballot.ts'
export { planApproval } from './plan-approval.ts'

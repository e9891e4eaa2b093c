export { type AskPorts, ask } from './ask.ts'
export {
  type Approver,
  Ballot,
  BallotRecord,
  castVote,
  givenRoles,
  isApproved,
  missingRoles,
  Vote,
  type VoteRefusal,
} from './ballot.ts'
export {
  type Decided,
  type DecidePorts,
  type Decision,
  decide,
  decideSignedIn,
  type Ending,
  endingOf,
  type SignedInDecision,
} from './decide.ts'
export {
  findAsSignedIn,
  followLink,
  type LinkProof,
  type LinkRefusal,
  type LookPorts,
  type Seen,
} from './follow-link.ts'

export { type AskPorts, ask } from './ask.ts'
export { type Approver, Ballot, BallotRecord, castVote, isApproved, Vote } from './ballot.ts'
export { type Decided, type DecidePorts, type Decision, decide, followLink, type LinkProof } from './decide.ts'
export type { Mail, Mailer, Secrets, TaskTokens } from './ports.ts'

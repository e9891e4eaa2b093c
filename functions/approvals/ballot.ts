/** A ballot collects votes on one plan hash until its quorum is met, a vote rejects, or its deadline passes. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { assignRoles, type RoleHolder } from './quorum.ts'

export const Approver = z.strictObject({
  personId: z.string(),
  name: z.string(),
  email: z.string(),
  channel: z.enum(['email', 'sns']),
  roles: z.array(z.string()),
  /** Ids in the catalogue that are the same human, this one included, in order; absent: this one alone. */
  sameAs: z.array(z.string()).optional(),
  /** Opaque; empty until the person is asked. */
  linkId: z.string(),
  /** SHA-256 of the link's secret and of the code; neither is ever stored. */
  secretDigest: z.string(),
  codeDigest: z.string(),
  wrongCodes: z.number().int(),
  lockedAt: z.string().optional(),
  /** When the mail with the present link went; absent: it did not. */
  mailedAt: z.string().optional(),
  remindedAt: z.string().optional(),
  /** Mails in a row that could not be handed over. */
  mailFailures: z.number().int().optional(),
  /** Asked because others did not answer. */
  isEscalation: z.boolean(),
  /** Roles that this person may give in place of those who did not answer. */
  standsInFor: z.array(z.string()).optional(),
})
export type Approver = z.infer<typeof Approver>

export const Vote = z.strictObject({
  personId: z.string(),
  choice: z.enum(['approve', 'reject']),
  comment: z.string().max(2000),
  at: z.string(),
  via: z.enum(['code', 'session']),
})
export type Vote = z.infer<typeof Vote>

export const Ballot = z.strictObject({
  changeId: z.string(),
  planHash: z.string(),
  requester: z.string(),
  rollbackAuthor: z.string(),
  /** One approval for each of these roles, by distinct people. */
  roles: z.array(z.string()).min(1),
  escalateTo: z.string(),
  openedAt: z.string(),
  remindAt: z.string(),
  escalateAt: z.string(),
  deadlineAt: z.string(),
  isReminded: z.boolean(),
  isEscalated: z.boolean(),
  approvers: z.array(Approver),
  votes: z.array(Vote),
  outcome: z.enum(['open', 'approved', 'rejected', 'expired']),
  decidedAt: z.string().optional(),
  taskToken: z.string().optional(),
})
export type Ballot = z.infer<typeof Ballot>

export const BallotRecord: RecordKind<Ballot> = { kind: 'ballot', schema: Ballot }

/** Why a vote does not count, in the order in which it is looked at. */
export type VoteRefusal =
  | 'already-voted'
  | 'deadline-passed'
  | 'ballot-closed'
  | 'plan-changed'
  | 'own-request'
  | 'rollback-author'
  | 'not-an-approver'
  | 'other-session'
  | 'locked'
  | 'wrong-code'

export interface CastVote {
  readonly personId: string
  /** The plan hash that the change has now. */
  readonly planHash: string | undefined
  readonly choice: Vote['choice']
  readonly comment: string
  /** Whether the code was right, or a session vouches for the person, or for someone else. */
  readonly proof: 'code' | 'session' | 'wrong-code' | 'other-session'
  readonly at: string
}

export interface VoteRefused {
  readonly refused: VoteRefusal
  /** The ballot with a wrong code counted. */
  readonly ballot?: Ballot
  readonly earlier?: Vote
}

export type VoteResult = { readonly ballot: Ballot } | VoteRefused

/** Wrong codes after which a link is locked. */
export const wrongCodesMax = 5

/** One name for a human, whichever of their entries voted. */
export function humanOf(ballot: Pick<Ballot, 'approvers'>, personId: string): string {
  return ballot.approvers.find((approver) => approver.personId === personId)?.sameAs?.[0] ?? personId
}

/**
 * Casts one vote. The first decision that ends the ballot stands.
 *
 * A person's own earlier vote comes first, so that a second click is told what was recorded, however the ballot ended.
 */
export function castVote(ballot: Ballot, cast: CastVote): VoteResult {
  const human = humanOf(ballot, cast.personId)
  const earlier = ballot.votes.find(({ personId }) => humanOf(ballot, personId) === human)
  if (earlier) return { refused: 'already-voted', earlier }
  // Checked here and never left to a TTL: DynamoDB may keep an expired item for days.
  if (ballot.outcome === 'expired' || (ballot.outcome === 'open' && cast.at >= ballot.deadlineAt))
    return { refused: 'deadline-passed' }
  if (ballot.outcome !== 'open') return { refused: 'ballot-closed' }
  if (cast.planHash !== ballot.planHash) return { refused: 'plan-changed' }
  const approver = ballot.approvers.find(({ personId }) => personId === cast.personId)
  const names = [cast.personId, ...(approver?.sameAs ?? [])]
  if (names.includes(ballot.requester)) return { refused: 'own-request' }
  if (names.includes(ballot.rollbackAuthor)) return { refused: 'rollback-author' }
  if (!approver) return { refused: 'not-an-approver' }
  if (cast.proof === 'other-session') return { refused: 'other-session' }
  if (cast.proof !== 'session' && approver.wrongCodes >= wrongCodesMax) return { refused: 'locked' }
  if (cast.proof === 'wrong-code') return { refused: 'wrong-code', ballot: countWrongCode(ballot, approver, cast.at) }
  const vote = { personId: cast.personId, choice: cast.choice, comment: cast.comment, at: cast.at, via: cast.proof }
  const voted: Ballot = { ...ballot, votes: [...ballot.votes, vote] }
  if (cast.choice === 'reject') return { ballot: { ...voted, outcome: 'rejected', decidedAt: cast.at } }
  return { ballot: hasQuorum(voted) ? { ...voted, outcome: 'approved', decidedAt: cast.at } : voted }
}

function countWrongCode(ballot: Ballot, { personId, wrongCodes }: Approver, at: string): Ballot {
  const isLocked = wrongCodes + 1 >= wrongCodesMax
  const approvers = ballot.approvers.map((one) =>
    one.personId === personId ? { ...one, wrongCodes: wrongCodes + 1, ...(isLocked ? { lockedAt: at } : {}) } : one,
  )
  return { ...ballot, approvers }
}

/** What an approver may give to a quorum. */
export const roleHolder = (ballot: Pick<Ballot, 'approvers'>, approver: Approver): RoleHolder => ({
  human: humanOf(ballot, approver.personId),
  roles: [...approver.roles, ...(approver.standsInFor ?? [])],
})

/** Those whose approvals count, neither of the authors among them. */
function approversOf(ballot: Ballot): readonly Approver[] {
  const approved = new Set(ballot.votes.filter(({ choice }) => choice === 'approve').map(({ personId }) => personId))
  return ballot.approvers.filter(
    ({ personId, sameAs = [] }) =>
      approved.has(personId) &&
      ![personId, ...sameAs].some((id) => id === ballot.requester || id === ballot.rollbackAuthor),
  )
}

/** Each role of the quorum in order, with who gave it; as many are given as the approvals can give. */
export function givenRoles(ballot: Ballot): readonly { readonly role: string; readonly by: Approver | undefined }[] {
  const counted = approversOf(ballot)
  const humans = assignRoles(
    ballot.roles,
    counted.map((approver) => roleHolder(ballot, approver)),
  )
  return ballot.roles.map((role, index) => ({
    role,
    by: counted.find(({ personId }) => humanOf(ballot, personId) === humans[index]),
  }))
}

/** The roles that the approvals so far do not give. */
export const missingRoles = (ballot: Ballot): readonly string[] =>
  givenRoles(ballot).flatMap(({ role, by }) => (by ? [] : [role]))

/** Whether each role of the quorum is given by another person of those who approved. */
export const hasQuorum = (ballot: Ballot): boolean => missingRoles(ballot).length === 0

/** I4: a quorum of exactly this plan, counted again at every gate. */
export function isApproved(ballot: Ballot, planHash: string): boolean {
  return ballot.outcome === 'approved' && ballot.planHash === planHash && hasQuorum(ballot)
}

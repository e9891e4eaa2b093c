/** A ballot collects votes on one plan hash until its quorum is met, a vote rejects, or its deadline passes. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

export const Approver = z.strictObject({
  personId: z.string(),
  name: z.string(),
  email: z.string(),
  channel: z.enum(['email', 'sns']),
  roles: z.array(z.string()),
  linkId: z.string(),
  /** SHA-256 of the link's secret and of the code; neither is ever stored. */
  secretDigest: z.string(),
  codeDigest: z.string(),
  wrongCodes: z.number().int(),
  /** Stands in for roles whose holders did not answer. */
  isEscalation: z.boolean(),
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
  escalateAt: z.string(),
  deadlineAt: z.string(),
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
  | 'ballot-closed'
  | 'deadline-passed'
  | 'plan-changed'
  | 'not-an-approver'
  | 'own-request'
  | 'locked'
  | 'wrong-code'

export interface CastVote {
  readonly personId: string
  /** The plan hash that the change has now. */
  readonly planHash: string | undefined
  readonly choice: Vote['choice']
  readonly comment: string
  /** Whether the code was right, or a session vouches for the person. */
  readonly proof: 'code' | 'session' | 'wrong-code'
  readonly at: string
}

export type VoteResult =
  | { readonly ballot: Ballot }
  | { readonly refused: VoteRefusal; readonly ballot?: Ballot; readonly earlier?: Vote }

/** Wrong codes after which a link is locked. */
export const wrongCodesMax = 5

/** Casts one vote. The first decision that ends the ballot stands. */
export function castVote(ballot: Ballot, cast: CastVote): VoteResult {
  const earlier = ballot.votes.find(({ personId }) => personId === cast.personId)
  if (earlier) return { refused: 'already-voted', earlier }
  if (ballot.outcome !== 'open') return { refused: 'ballot-closed' }
  // Checked here and never left to a TTL: DynamoDB may keep an expired item for days.
  if (cast.at >= ballot.deadlineAt) return { refused: 'deadline-passed' }
  if (cast.planHash !== ballot.planHash) return { refused: 'plan-changed' }
  const approver = ballot.approvers.find(({ personId }) => personId === cast.personId)
  if (!approver) return { refused: 'not-an-approver' }
  if (cast.personId === ballot.requester || cast.personId === ballot.rollbackAuthor) return { refused: 'own-request' }
  if (approver.wrongCodes >= wrongCodesMax) return { refused: 'locked' }
  if (cast.proof === 'wrong-code') {
    const approvers = ballot.approvers.map((one) =>
      one.personId === cast.personId ? { ...one, wrongCodes: one.wrongCodes + 1 } : one,
    )
    return { refused: 'wrong-code', ballot: { ...ballot, approvers } }
  }
  const votes = [
    ...ballot.votes,
    { personId: cast.personId, choice: cast.choice, comment: cast.comment, at: cast.at, via: cast.proof },
  ]
  if (cast.choice === 'reject') return { ballot: { ...ballot, votes, outcome: 'rejected', decidedAt: cast.at } }
  const voted = { ...ballot, votes }
  return { ballot: hasQuorum(voted) ? { ...voted, outcome: 'approved', decidedAt: cast.at } : voted }
}

/** Whether each role of the quorum can be given to another person of those who approved: a matching, so that nobody counts twice. */
export function hasQuorum({ roles, approvers, votes, requester, rollbackAuthor }: Ballot): boolean {
  const approved = new Set(votes.filter(({ choice }) => choice === 'approve').map(({ personId }) => personId))
  const people = approvers.filter(
    ({ personId }) => approved.has(personId) && personId !== requester && personId !== rollbackAuthor,
  )
  const given = new Map<string, number>()
  const give = (role: number, tried: Set<string>): boolean => {
    for (const person of people) {
      const fits = person.isEscalation || person.roles.includes(roles[role] ?? '')
      if (!fits || tried.has(person.personId)) continue
      tried.add(person.personId)
      const holds = given.get(person.personId)
      if (holds !== undefined && !give(holds, tried)) continue
      given.set(person.personId, role)
      return true
    }
    return false
  }
  return roles.every((_, role) => give(role, new Set()))
}

/** I4: a quorum of exactly this plan, counted again at every gate. */
export function isApproved(ballot: Ballot, planHash: string): boolean {
  return ballot.outcome === 'approved' && ballot.planHash === planHash && hasQuorum(ballot)
}

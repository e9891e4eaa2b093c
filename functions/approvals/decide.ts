/** A vote as it comes from the page, by link and code or by a signed-in session, becomes a decision, once. */
import { CatalogueRecord } from '../catalogue/index.ts'
import {
  type Change,
  type ChangeEvent,
  changeEvidence,
  changeMove,
  type MovePorts,
  moveChange,
} from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Move, Stored } from '../kit/ledger.ts'
import type { Metrics, TaskTokens } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import type { Secrets } from '../people/index.ts'
import { personOfAddress } from '../people/index.ts'
import { ballotMove } from './ask.ts'
import {
  type Ballot,
  type CastVote,
  castVote,
  humanOf,
  type Vote,
  type VoteRefusal,
  type VoteRefused,
  wrongCodesMax,
} from './ballot.ts'
import { findAsSignedIn, followLink, type LinkProof, type LinkRefusal, type Seen } from './follow-link.ts'

export interface DecidePorts extends MovePorts {
  readonly secrets: Secrets
  readonly tokens: TaskTokens
  readonly metrics?: Metrics
}

interface Choice {
  readonly choice: Vote['choice']
  readonly comment: string
}

export interface Decision extends LinkProof, Choice {
  readonly code: string
  /** Address that a signed-in session vouches for, where there is one: it must be the approver's own (B28). */
  readonly sessionAddress?: string
}

export interface SignedInDecision extends Choice {
  readonly changeId: string
  /** The plan that the page showed. */
  readonly planHash: string
  readonly sessionAddress: string
}

/** Who ended a ballot, how and when, for those who come too late. */
export interface Ending {
  readonly outcome: Ballot['outcome']
  readonly by?: string
  readonly at?: string
}

export type Decided =
  | {
      readonly kind: 'recorded'
      readonly choice: Vote['choice']
      readonly outcome: Ballot['outcome']
      /** `late`: the machine had stopped waiting; `unanswered`: it could not be told. The ledger has the decision. */
      readonly machine: 'answered' | 'late' | 'unanswered'
    }
  | { readonly kind: 'already'; readonly earlier: Vote; readonly isSame: boolean }
  | {
      readonly kind: 'refused'
      readonly because: LinkRefusal | VoteRefusal
      readonly ending?: Ending
      readonly triesLeft?: number
    }

type Proof = CastVote['proof']
type Voter = Omit<Seen, 'approver'> & { readonly personId: string }

const triesMax = 5

/** Casts the vote of whoever holds link and code. Two at once: exactly one ends the ballot. */
export function decide(decision: Decision, ports: DecidePorts): Promise<Decided> {
  return retried(async () => {
    const seen = await followLink(decision, ports)
    if ('refused' in seen) return { kind: 'refused', because: seen.refused }
    const proof = await proofOf(decision, seen, ports)
    return tryOnce(decision, { ...seen, personId: seen.approver.personId }, proof, ports)
  })
}

/** Casts the vote of a signed-in person; the session stands in place of link and code. */
export function decideSignedIn(decision: SignedInDecision, ports: DecidePorts): Promise<Decided> {
  return retried(async () => {
    const found = await findAsSignedIn(decision.changeId, decision.sessionAddress, ports)
    if ('refused' in found) return { kind: 'refused', because: found.refused }
    if (found.ballot.value.planHash !== decision.planHash) return { kind: 'refused', because: 'superseded' }
    return tryOnce(decision, found, 'session', ports)
  })
}

async function retried(attempt: () => Promise<Decided | undefined>): Promise<Decided> {
  for (let tries = 0; tries < triesMax; tries++) {
    const decided = await attempt()
    if (decided) return decided
  }
  throw new DrydockError('DD1702', `the ballot was moved by others ${triesMax} times in a row; try again`)
}

/** Crockford's reading of what a person typed: no case, no separators, O is 0, I and L are 1. */
export const normalisedCode = (typed: string) =>
  typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')

async function proofOf(
  decision: Decision,
  { approver, ballot }: Seen,
  { ledger, secrets }: DecidePorts,
): Promise<Proof> {
  const { code, sessionAddress } = decision
  if (sessionAddress !== undefined) {
    const catalogue = await ledger.read(CatalogueRecord, keys.catalogue())
    const person = catalogue && personOfAddress(sessionAddress, catalogue.value.people)
    const isOwn = person && humanOf(ballot.value, person.id) === humanOf(ballot.value, approver.personId)
    return isOwn ? 'session' : 'other-session'
  }
  return secrets.isEqual(secrets.digest(normalisedCode(code)), approver.codeDigest) ? 'code' : 'wrong-code'
}

async function tryOnce(choice: Choice, voter: Voter, proof: Proof, ports: DecidePorts): Promise<Decided | undefined> {
  const at = isoInstant(ports.clock.nowMs())
  const result = castVote(voter.ballot.value, {
    personId: voter.personId,
    planHash: voter.change.value.planHash,
    choice: choice.choice,
    comment: choice.comment,
    proof,
    at,
  })
  return 'refused' in result
    ? refuse(choice, voter, result, at, ports)
    : record(choice, voter, { ballot: result.ballot, proof, at }, ports)
}

/** Refusals that anyone with a link could cause without end leave no leaf each (I16). */
const quiet: readonly VoteRefusal[] = ['ballot-closed', 'deadline-passed', 'locked']

async function refuse(
  choice: Choice,
  { ballot: read, change, personId }: Voter,
  result: VoteRefused,
  at: string,
  { ledger, ids, account, metrics }: DecidePorts,
): Promise<Decided | undefined> {
  const { refused, earlier, ballot } = result
  if (earlier) return { kind: 'already', earlier, isSame: earlier.choice === choice.choice }
  const told: Decided = { kind: 'refused', because: refused, ...tellOf(ballot ?? read.value, personId, refused) }
  if (quiet.includes(refused)) return told
  const isLocked = ballot?.approvers.some((one) => one.personId === personId && one.lockedAt === at) ?? false
  const evidence: EvidenceRecord = {
    leafId: ids.next(),
    at,
    type: isLocked ? 'approval.locked' : 'approval.refused',
    account,
    changeId: change.value.changeId,
    actor: personId,
    body: { because: refused, choice: choice.choice, planHash: read.value.planHash },
  }
  const committed = await ledger.commit({
    moves: ballot ? [ballotMove(read, ballot)] : [],
    ...(ballot ? {} : { checks: [{ key: read.key, from: read.version }] }),
    evidence: [evidence],
  })
  if (!('committed' in committed)) return undefined
  if (isLocked) metrics?.count('ApprovalLinkLocked')
  else metrics?.count('ApprovalRefused')
  return told
}

function tellOf(ballot: Ballot, personId: string, refused: VoteRefusal) {
  if (refused === 'ballot-closed') return { ending: endingOf(ballot) }
  if (refused !== 'wrong-code') return {}
  const used = ballot.approvers.find((one) => one.personId === personId)?.wrongCodes ?? wrongCodesMax
  return { triesLeft: Math.max(0, wrongCodesMax - used) }
}

/** Whose vote ended a ballot: the last one. */
export function endingOf({ outcome, votes, approvers, decidedAt }: Ballot): Ending {
  const last = outcome === 'approved' || outcome === 'rejected' ? votes.at(-1) : undefined
  const name = approvers.find(({ personId }) => personId === last?.personId)?.name
  return { outcome, ...(name ? { by: name } : {}), ...(decidedAt ? { at: decidedAt } : {}) }
}

async function record(
  { choice, comment }: Choice,
  { ballot: read, change, personId }: Voter,
  { ballot, proof, at }: { readonly ballot: Ballot; readonly proof: Proof; readonly at: string },
  ports: DecidePorts,
): Promise<Decided | undefined> {
  const { ledger, ids, account } = ports
  const by = () => ({ leafId: ids.next(), at, account, actor: personId })
  const { changeId } = change.value
  const body = { choice, comment, via: proof, planHash: ballot.planHash, outcome: ballot.outcome }
  const cast: EvidenceRecord = { ...by(), type: 'approval.cast', changeId, body }
  const ended = ballot.outcome === 'open' ? undefined : endChange(change, ballot, at, by())
  if (ballot.outcome !== 'open' && !ended) return { kind: 'refused', because: 'withdrawn' }
  const committed = await ledger.commit({
    moves: [ballotMove(read, ballot), ...(ended ? [ended.move] : [])],
    // A vote that ends nothing still counts only while the change is as it was read (F13, B31).
    ...(ended ? {} : { checks: [{ key: change.key, from: change.version }] }),
    evidence: ended ? [cast, ended.evidence] : [cast],
  })
  if (!('committed' in committed)) return undefined
  return { kind: 'recorded', choice, outcome: ballot.outcome, machine: await answerMachine(ballot, personId, ports) }
}

/** The ledger has the decision whether or not the machine hears of it: it looks again by itself, or is started again (F19, F20). */
async function answerMachine(
  { changeId, outcome, planHash, taskToken }: Ballot,
  actor: string,
  { ledger, tokens, clock, ids, account, metrics }: DecidePorts,
): Promise<'answered' | 'late' | 'unanswered'> {
  if (outcome === 'open' || taskToken === undefined) return 'answered'
  let fault: string
  try {
    if ((await tokens.succeed(taskToken, { outcome })) === 'answered') return 'answered'
    fault = 'late'
  } catch (error) {
    // The name only: a message could repeat the token (I14).
    fault = error instanceof Error ? error.name : 'unknown'
  }
  metrics?.count('ApprovalUnanswered')
  const at = isoInstant(clock.nowMs())
  const body = { planHash, outcome, because: fault }
  await ledger.commit({
    moves: [],
    evidence: [{ leafId: ids.next(), at, type: 'approval.late', account, changeId, actor, body }],
  })
  return fault === 'late' ? 'late' : 'unanswered'
}

function endChange(
  change: Stored<Change>,
  ballot: Ballot,
  at: string,
  by: { leafId: string; at: string; account: string; actor: string },
): { move: Move; evidence: EvidenceRecord } | undefined {
  const rejected = ballot.votes.find(({ choice }) => choice === 'reject')
  const event: ChangeEvent =
    ballot.outcome === 'approved'
      ? { type: 'approved' }
      : {
          type: 'rejected',
          because: `rejected by ${rejected?.personId ?? 'an approver'}${rejected?.comment ? `: ${rejected.comment}` : ''}`,
        }
  const moved = moveChange(change.value, event, at)
  return 'refused' in moved
    ? undefined
    : { move: changeMove(change, moved.change), evidence: changeEvidence(moved.change, event, by) }
}

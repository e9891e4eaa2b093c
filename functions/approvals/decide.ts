/** A vote as it comes from the page: link, secret, code and choice become a decision, once. */
import { CatalogueRecord } from '../catalogue/index.ts'
import {
  type Change,
  type ChangeEvent,
  ChangeRecord,
  changeEvidence,
  changeMove,
  type MovePorts,
  moveChange,
} from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Move, Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { ballotMove } from './ask.ts'
import { type Approver, type Ballot, BallotRecord, castVote, type Vote, type VoteRefusal } from './ballot.ts'
import { ApprovalLinkRecord } from './link.ts'
import type { Secrets, TaskTokens } from './ports.ts'

export interface DecidePorts extends MovePorts {
  readonly secrets: Secrets
  readonly tokens: TaskTokens
}

export interface LinkProof {
  readonly linkId: string
  readonly secret: string
}

export interface Seen {
  readonly ballot: Stored<Ballot>
  readonly approver: Approver
  readonly change: Stored<Change>
}

export type LinkRefusal = 'unknown-link' | 'newer-mail' | 'superseded'

/** Who and what a link leads to; unknown, foreign and truncated links are told apart by nobody. */
export async function followLink(
  { linkId, secret }: LinkProof,
  { ledger, secrets }: Pick<DecidePorts, 'ledger' | 'secrets'>,
): Promise<Seen | { readonly refused: LinkRefusal }> {
  const link = await ledger.read(ApprovalLinkRecord, keys.approvalLink(linkId))
  const ballot = link && (await ledger.read(BallotRecord, keys.ballot(link.value.changeId)))
  const approver = ballot?.value.approvers.find(({ personId }) => personId === link?.value.personId)
  const digest = secrets.digest(secret)
  if (!link || !ballot || !approver) return { refused: 'unknown-link' }
  if (approver.linkId !== linkId)
    return { refused: ballot.value.planHash === link.value.planHash ? 'newer-mail' : 'superseded' }
  if (!secrets.isEqual(digest, approver.secretDigest)) return { refused: 'unknown-link' }
  const change = await ledger.read(ChangeRecord, keys.change(link.value.changeId))
  if (!change) return { refused: 'unknown-link' }
  if (change.value.planHash !== ballot.value.planHash) return { refused: 'superseded' }
  return { ballot, approver, change }
}

export interface Decision extends LinkProof {
  readonly code: string
  readonly choice: Vote['choice']
  readonly comment: string
  /** E-mail address that a signed-in session vouches for. */
  readonly sessionEmail?: string
}

export type Decided =
  | {
      readonly kind: 'recorded'
      readonly choice: Vote['choice']
      readonly outcome: Ballot['outcome']
      readonly isLate: boolean
    }
  | { readonly kind: 'already'; readonly earlier: Vote; readonly isSame: boolean }
  | { readonly kind: 'refused'; readonly because: LinkRefusal | VoteRefusal; readonly deadlineAt?: string }

const triesMax = 5

/** Casts the vote, moves the change when the ballot ends, answers the waiting machine. Two at once: exactly one ends the ballot. */
export async function decide(decision: Decision, ports: DecidePorts): Promise<Decided> {
  for (let tries = 0; tries < triesMax; tries++) {
    const seen = await followLink(decision, ports)
    if ('refused' in seen) return { kind: 'refused', because: seen.refused }
    const decided = await tryOnce(decision, seen, ports)
    if (decided) return decided
  }
  throw new DrydockError('DD1702', `the ballot was moved by others ${triesMax} times in a row; try again`)
}

async function proofOf({ code, sessionEmail }: Decision, approver: Approver, { ledger, secrets }: DecidePorts) {
  if (sessionEmail !== undefined) {
    const catalogue = await ledger.read(CatalogueRecord, keys.catalogue())
    const person = catalogue?.value.people.find(({ id }) => id === approver.personId)
    const addresses = person ? [person.email, ...person.aliases].map((address) => address.toLowerCase()) : []
    if (addresses.includes(sessionEmail.toLowerCase())) return 'session'
  }
  const typed = code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  return secrets.isEqual(secrets.digest(typed), approver.codeDigest) ? 'code' : 'wrong-code'
}

async function tryOnce(
  decision: Decision,
  { ballot: read, approver, change }: Seen,
  ports: DecidePorts,
): Promise<Decided | undefined> {
  const { ledger, clock, ids, account, tokens } = ports
  const at = isoInstant(clock.nowMs())
  const proof = await proofOf(decision, approver, ports)
  const result = castVote(read.value, {
    personId: approver.personId,
    planHash: change.value.planHash,
    choice: decision.choice,
    comment: decision.comment,
    proof,
    at,
  })
  const by = () => ({ leafId: ids.next(), at, account, actor: approver.personId })
  const evidence = (type: string, body: EvidenceRecord['body']): EvidenceRecord => ({
    ...by(),
    type,
    changeId: change.value.changeId,
    body,
  })
  if ('refused' in result) {
    if (result.earlier)
      return { kind: 'already', earlier: result.earlier, isSame: result.earlier.choice === decision.choice }
    const moves = result.ballot ? [ballotMove(read, result.ballot)] : []
    const refused = await ledger.commit({
      moves,
      ...(moves.length > 0 ? {} : { checks: [{ key: read.key, from: read.version }] }),
      evidence: [evidence('approval.refused', { because: result.refused, planHash: read.value.planHash })],
    })
    return 'committed' in refused
      ? { kind: 'refused', because: result.refused, deadlineAt: read.value.deadlineAt }
      : undefined
  }
  const { ballot } = result
  const cast = evidence('approval.cast', {
    choice: decision.choice,
    comment: decision.comment,
    via: proof,
    planHash: ballot.planHash,
    outcome: ballot.outcome,
  })
  const ended = ballot.outcome === 'open' ? undefined : endChange(change, ballot, at, by())
  const committed = await ledger.commit({
    moves: [ballotMove(read, ballot), ...(ended ? [ended.move] : [])],
    evidence: ended ? [cast, ended.evidence] : [cast],
  })
  if (!('committed' in committed)) return undefined
  const answer =
    ballot.outcome === 'open' || ballot.taskToken === undefined
      ? 'answered'
      : await tokens.succeed(ballot.taskToken, { outcome: ballot.outcome })
  // A machine that stopped waiting is no loss: the reconciler starts a driver, and the ledger has the decision.
  return { kind: 'recorded', choice: decision.choice, outcome: ballot.outcome, isLate: answer === 'gone' }
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

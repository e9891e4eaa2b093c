/**
 * Opens the ballot on a change's plan; the same plan keeps its ballot, another plan gets a new one, which voids the
 * old.
 */
import * as z from 'zod'
import { CatalogueRecord, PolicyRecord } from '../catalogue/index.ts'
import {
  type Change,
  type ChangeEvent,
  ChangeRecord,
  changeEvidence,
  changeMove,
  heldEvent,
  type MovePorts,
  moveChange,
  moveRecordedChange,
} from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Stored } from '../kit/ledger.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import {
  type NextAskStep,
  nextAskStep,
  noStep,
  type People,
  peopleOf,
  questionMove,
  unanswerableText,
} from '../people/index.ts'
import { PlanRecord } from '../planning/index.ts'
import { approvalEndsAt, type Ballot, BallotRecord, isApproved, openBallot } from './ballot.ts'

export const OpenBallot = z.strictObject({ changeId: z.string().length(26) })
export type OpenBallot = z.infer<typeof OpenBallot>

export interface Opened extends NextAskStep {
  readonly changeId: string
  /** The ballot's outcome so far, or the state of a change that takes no votes now. */
  readonly outcome: string
}

/**
 * Opens the ballot, or finds the existing one for the same plan.
 *
 * @throws DrydockError DD1704 without the change, DD1703 when plan, catalogue or policy cannot be read,
 * DD1702 when every try met another writer.
 */
export function run({ changeId }: OpenBallot, ports: MovePorts): Promise<Opened> {
  return retried({ code: 'DD1702', what: `the ballot of ${changeId}` }, () => tryOnce(changeId, ports))
}

async function tryOnce(changeId: string, ports: MovePorts): Promise<Opened | undefined> {
  const { ledger, clock } = ports
  const [change, catalogue, policy, known] = await Promise.all([
    ledger.read(ChangeRecord, keys.change(changeId)),
    ledger.read(CatalogueRecord, keys.catalogue()),
    ledger.read(PolicyRecord, keys.policy()),
    ledger.read(BallotRecord, keys.ballot(changeId)),
  ])
  if (!change) throw new DrydockError('DD1704', `change ${changeId} is not in the ledger`)
  const planHash = change.value.planHash
  const plan = planHash === undefined ? undefined : await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  if (!plan || !catalogue || !policy || planHash === undefined)
    throw new DrydockError('DD1703', `the plan, catalogue or policy of ${changeId} cannot be read`)
  const { state } = change.value
  const people = peopleOf(catalogue.value.people)
  const at = isoInstant(clock.nowMs())
  const same = known?.value.subjectHash === planHash ? known.value : undefined
  if (state === 'awaiting-approval' && same)
    return { changeId, outcome: same.outcome, ...nextAskStep(same, people, at) }
  if (state !== 'in-review') return { changeId, outcome: state, ...noStep }
  // Planned again to the very same plan: its votes are votes on this plan, and stay while the ballot does.
  const isGood = same && isApproved(same, planHash, people.all) && at < approvalEndsAt(same, plan.value)
  if (same && (isGood || (same.outcome === 'open' && at < same.deadlineAt)))
    return commit(change, known, same, people, ports)
  const ballot = openBallot(change.value, plan.value, planHash, people, policy.value, at)
  if (!('missing' in ballot)) return commit(change, known, ballot, people, ports)
  const reason = {
    gate: 'ballot',
    because: unanswerableText(ballot, 'the requester and the author of the rollback plan'),
    endedBy: { kind: 'trigger', name: 'catalogue-loaded' },
  } as const
  await moveRecordedChange(changeId, heldEvent([reason]), ports)
  return { changeId, outcome: 'held', ...noStep }
}

/** Ballot and change move together, so that nobody is asked about a change that does not wait for it. */
async function commit(
  change: Stored<Change>,
  known: Stored<Ballot> | undefined,
  ballot: Ballot,
  people: People,
  ports: MovePorts,
): Promise<Opened | undefined> {
  const at = isoInstant(ports.clock.nowMs())
  const changeId = ballot.subject
  const events: readonly ChangeEvent[] =
    ballot.outcome === 'approved' ? [{ type: 'approval-asked' }, { type: 'approved' }] : [{ type: 'approval-asked' }]
  let next = change.value
  const evidence: EvidenceRecord[] = []
  for (const event of events) {
    const moved = moveChange(next, event, at)
    if ('refused' in moved) return { changeId, outcome: moved.from, ...noStep }
    next = moved.change
    evidence.push(changeEvidence(next, event, evidenceBy(ports, at)))
  }
  const opened: EvidenceRecord = {
    ...evidenceBy(ports, at),
    type: 'approval.opened',
    changeId,
    body: {
      planHash: ballot.subjectHash,
      roles: ballot.roles,
      deadlineAt: ballot.deadlineAt,
      ...(known && known.value !== ballot
        ? { voided: { planHash: known.value.subjectHash, votes: known.value.answers.length } }
        : {}),
    },
  }
  const moves = [questionMove(known, ballot), changeMove(change, next)]
  const result = await ports.ledger.commit({ moves, evidence: [opened, ...evidence] })
  return 'committed' in result ? { changeId, outcome: ballot.outcome, ...nextAskStep(ballot, people, at) } : undefined
}

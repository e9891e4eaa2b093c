/** Opens the ballot on a change's plan; the same plan keeps its ballot, another plan gets a new one and voids the old. */
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
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { ballotMove } from './ask.ts'
import { type Ballot, BallotRecord, isApproved } from './ballot.ts'
import { type NextStep, nextStep } from './next-step.ts'
import { openBallot } from './open.ts'

export const OpenBallot = z.strictObject({ changeId: z.string().length(26) })
export type OpenBallot = z.infer<typeof OpenBallot>

export interface Opened extends NextStep {
  readonly changeId: string
  /** The ballot's outcome so far, or the state of a change on which nobody may vote now. */
  readonly outcome: Ballot['outcome'] | Change['state']
}

const none: NextStep = { step: 'none', waitSeconds: 1 }
const triesMax = 5

/**
 * Opens the ballot, or finds the one that stands for the same plan.
 *
 * @throws DrydockError DD1704 without the change, DD1703 when plan, catalogue or policy cannot be read,
 * DD1702 when every try met another writer.
 */
export async function run({ changeId }: OpenBallot, ports: MovePorts): Promise<Opened> {
  for (let tries = 0; tries < triesMax; tries++) {
    const opened = await tryOnce(changeId, ports)
    if (opened) return opened
  }
  throw new DrydockError('DD1702', `the ballot of ${changeId} was moved by others ${triesMax} times in a row`)
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
  const at = isoInstant(clock.nowMs())
  const same = known?.value.planHash === planHash ? known.value : undefined
  if (state === 'awaiting-approval' && same) return { changeId, outcome: same.outcome, ...nextStep(same, at) }
  if (state !== 'in-review') return { changeId, outcome: state, ...none }
  // Planned anew to the very same plan: the votes are votes on this plan, and they stand while the ballot does.
  if (same && (isApproved(same, planHash) || (same.outcome === 'open' && at < same.deadlineAt)))
    return commit(change, known, same, ports)
  const ballot = openBallot(change.value, plan.value, planHash, catalogue.value, policy.value, at)
  if (!('missing' in ballot)) return commit(change, known, ballot, ports)
  const reason = {
    gate: 'ballot',
    because: ballot.because,
    endedBy: { kind: 'trigger', name: 'catalogue-loaded' },
  } as const
  await moveRecordedChange(changeId, heldEvent([reason]), ports)
  return { changeId, outcome: 'held', ...none }
}

/** Ballot and change move together, so that nobody is asked about a change that does not wait for it. */
async function commit(
  change: Stored<Change>,
  known: Stored<Ballot> | undefined,
  ballot: Ballot,
  { ledger, clock, ids, account }: MovePorts,
): Promise<Opened | undefined> {
  const at = isoInstant(clock.nowMs())
  const by = () => ({ leafId: ids.next(), at, account, actor: 'drydock' })
  const { changeId } = ballot
  const events: readonly ChangeEvent[] =
    ballot.outcome === 'approved' ? [{ type: 'approval-asked' }, { type: 'approved' }] : [{ type: 'approval-asked' }]
  let next = change.value
  const evidence: EvidenceRecord[] = []
  for (const event of events) {
    const moved = moveChange(next, event, at)
    if ('refused' in moved) return { changeId, outcome: moved.from, ...none }
    next = moved.change
    evidence.push(changeEvidence(next, event, by()))
  }
  const opened: EvidenceRecord = {
    ...by(),
    type: 'approval.opened',
    changeId,
    body: {
      planHash: ballot.planHash,
      roles: ballot.roles,
      deadlineAt: ballot.deadlineAt,
      ...(known && known.value !== ballot
        ? { voided: { planHash: known.value.planHash, votes: known.value.votes.length } }
        : {}),
    },
  }
  const moves = [ballotMove(known, ballot), changeMove(change, next)]
  const result = await ledger.commit({ moves, evidence: [opened, ...evidence] })
  return 'committed' in result ? { changeId, outcome: ballot.outcome, ...nextStep(ballot, at) } : undefined
}

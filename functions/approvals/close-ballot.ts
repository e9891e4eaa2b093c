/** Looks at a ballot whose machine stopped waiting: expired, decided meanwhile, or which step of asking is due. */
import * as z from 'zod'
import { ChangeRecord, changeEvidence, changeMove, type MovePorts, moveChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import { isoInstant } from '../kit/time.ts'
import { ballotMove } from './ask.ts'
import { type Ballot, BallotRecord } from './ballot.ts'
import { type NextStep, nextStep } from './next-step.ts'

export const CloseBallot = z.strictObject({ changeId: z.string().length(26) })
export type CloseBallot = z.infer<typeof CloseBallot>

export interface Closed extends NextStep {
  readonly changeId: string
  /** `withdrawn`: the change no longer waits for votes, though the ballot was never decided. */
  readonly outcome: Ballot['outcome'] | 'withdrawn'
}

const none: NextStep = { step: 'none', waitSeconds: 1 }

const triesMax = 5

/**
 * Expires the ballot and its change once the deadline has passed, unless it was decided.
 *
 * @throws DrydockError DD1701 without a ballot, DD1702 when every try met another writer.
 */
export async function run({ changeId }: CloseBallot, ports: MovePorts): Promise<Closed> {
  for (let tries = 0; tries < triesMax; tries++) {
    const closed = await tryOnce(changeId, ports)
    if (closed) return closed
  }
  throw new DrydockError('DD1702', `the ballot of ${changeId} was moved by others ${triesMax} times in a row`)
}

async function tryOnce(changeId: string, { ledger, clock, ids, account }: MovePorts): Promise<Closed | undefined> {
  const [read, change] = await Promise.all([
    ledger.read(BallotRecord, keys.ballot(changeId)),
    ledger.read(ChangeRecord, keys.change(changeId)),
  ])
  if (!read || !change) throw new DrydockError('DD1701', `change ${changeId} has no ballot`)
  const { outcome, deadlineAt, planHash } = read.value
  const at = isoInstant(clock.nowMs())
  if (outcome !== 'open') return { changeId, outcome, ...none }
  // Cancelled, superseded or planned anew: there is nobody to ask any more.
  if (change.value.state !== 'awaiting-approval' || change.value.planHash !== planHash)
    return { changeId, outcome: 'withdrawn', ...none }
  if (at < deadlineAt) return { changeId, outcome, ...nextStep(read.value, at) }
  const event = { type: 'expired' } as const
  const moved = moveChange(change.value, event, at)
  if ('refused' in moved) return { changeId, outcome: 'withdrawn', ...none }
  const by = { leafId: ids.next(), at, account, actor: 'drydock' }
  const result = await ledger.commit({
    moves: [ballotMove(read, { ...read.value, outcome: 'expired', decidedAt: at }), changeMove(change, moved.change)],
    evidence: [changeEvidence(moved.change, event, by)],
  })
  return 'committed' in result ? { changeId, outcome: 'expired', ...none } : undefined
}

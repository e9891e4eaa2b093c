/** Ends a rollback: blocks the patch for the fleet, records each host's outcome, then moves the change. */
import * as z from 'zod'
import { type Change, ChangeRecord, changeEvidence, changeMove, type MovePorts, moveChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { Metrics } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { type OutcomePorts, recordOutcomes } from '../outcomes/index.ts'
import { PlanRecord } from '../planning/index.ts'
import { quarantinedOf, type Ring } from '../rollout/index.ts'
import { run as blockPatches } from './block-patches.ts'
import { outcomeOf, rollbackRing, rtoOf } from './open.ts'
import { run as readHostRuns, ringsOf } from './read-host-runs.ts'

export const FinishRollback = z.strictObject({ changeId: z.string().length(26), ring: z.string(), reason: z.string() })
export type FinishRollback = z.infer<typeof FinishRollback>

export interface Ports extends MovePorts, OutcomePorts {
  readonly metrics: Metrics
  /** The hub's own region, for hosts without another in the plan. */
  readonly region: string
}

/**
 * Blocks and outcomes come first, in their own transactions and each once: a change may have 200 packages and 10,000
 * hosts, more than one transaction takes, and a crash must leave the patch blocked and the change open, not the other
 * way round.
 *
 * @throws DrydockError DD2001 without the change, DD2002 when someone else moved it at the same moment.
 */
export async function run({ changeId, ring, reason }: FinishRollback, ports: Ports) {
  const { ledger, clock, metrics } = ports
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change) throw new DrydockError('DD2001', `change ${changeId} is not in the ledger`)
  const rings = await ringsOf(changeId, ledger)
  const rollback = rings.find(({ name }) => name === rollbackRing(ring))
  const at = isoInstant(clock.nowMs())
  const quarantined = rollback ? quarantinedOf(rollback) : []
  const event = { type: 'rolled-back', because: outcomeOf(rollback, reason), quarantined } as const
  const moved = moveChange(change.value, event, at)
  if ('refused' in moved) return { outcome: change.value.state }
  await record({ change: change.value, reason, rings, rollback, at }, ports)
  const result = await ledger.commit({
    moves: [changeMove(change, moved.change)],
    evidence: [changeEvidence(moved.change, event, evidenceBy(ports, at))],
  })
  if (!('committed' in result))
    throw new DrydockError(
      'DD2002',
      `change ${changeId} was moved by someone else at the same moment; the machine tries again`,
    )
  if (quarantined.length > 0 || rollback?.state !== 'succeeded') metrics.count('RollbackFailed')
  return { outcome: 'rolled-back' }
}

interface Ended {
  readonly change: Change
  readonly reason: string
  readonly rings: readonly Ring[]
  readonly rollback: Ring | undefined
  readonly at: string
}

/** What must be recorded before the change counts as rolled back: its packages are blocked, its hosts accounted for. */
async function record({ change, reason, rings, rollback, at }: Ended, ports: Ports): Promise<void> {
  const { changeId, service, planHash } = change
  const { ledger, account, region } = ports
  const plan = planHash === undefined ? undefined : await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  if (!plan || planHash === undefined) return
  await blockPatches({ changeId, packages: plan.value.manifest.packages, because: reason, at }, ports)
  const ended = { changeId, service, ending: 'rolled-back', because: reason, rollback: rtoOf(rollback) } as const
  const runs = () => readHostRuns({ changeId, plan: plan.value, rings, hub: { account, region } }, ledger)
  for (let isComplete = false; !isComplete; ) ({ isComplete } = await recordOutcomes(ended, runs, ports))
}

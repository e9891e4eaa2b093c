/** Ends a rollback: blocks the patch for the fleet, records each host's outcome, then moves the change. */
import * as z from 'zod'
import { type Change, ChangeRecord, changeEvidence, changeMove, type MovePorts, moveChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { Metrics } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant, msBetween } from '../kit/time.ts'
import { type OutcomePorts, recordOutcomes } from '../outcomes/index.ts'
import { PlanRecord } from '../planning/index.ts'
import { quarantinedOf, type Ring, ringsOf } from '../rollout/index.ts'
import { run as blockPatches } from './block-patches.ts'
import { rollbackOutcome, rollbackRing, rtoOf } from './open.ts'
import { run as readHostRuns } from './read-host-runs.ts'

export const FinishRollback = z.strictObject({ changeId: z.string().length(26), ring: z.string(), reason: z.string() })
export type FinishRollback = z.infer<typeof FinishRollback>

export interface Ports extends MovePorts, OutcomePorts {
  readonly metrics: Metrics
  /** The hub's own region, for hosts without another in the plan. */
  readonly region: string
}

/**
 * Blocks and outcomes come first, in transactions of their own and each once: a change may hold 200 packages and 10,000
 * hosts, more than one transaction or one call takes, and a crash on the way must leave the fleet blocked and the change
 * open rather than the other way round.
 *
 * A rollback that could not be handed over while it runs is not over: it is left as it is, and the driver asks again.
 *
 * @returns `recording` where outcomes are left for another call, which goes on where this one ended; `running`: not over.
 * @throws DrydockError DD2001 without the change, DD2002 when others moved it at every try, DD2501 as recordOutcomes.
 */
export function run(asked: FinishRollback, ports: Ports): Promise<{ readonly outcome: string }> {
  const what = `the change ${asked.changeId}, which is rolled back,`
  return retried({ code: 'DD2002', what, advice: 'the machine asks again' }, () => tryOnce(asked, ports))
}

/** Undefined: another writer came first. */
async function tryOnce({ changeId, ring, reason }: FinishRollback, ports: Ports) {
  const { ledger, clock, metrics } = ports
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change) throw new DrydockError('DD2001', `change ${changeId} is not in the ledger`)
  const rings = await ringsOf(changeId, ledger)
  const rollback = rings.find(({ name }) => name === rollbackRing(ring))
  const at = isoInstant(clock.nowMs())
  if (rollback && isRunning(rollback, at)) return { outcome: 'running' }
  const quarantined = rollback ? quarantinedOf(rollback) : []
  const event = { type: 'rolled-back', because: rollbackOutcome(rollback, reason), quarantined } as const
  const moved = moveChange(change.value, event, at)
  if ('refused' in moved) return { outcome: change.value.state }
  if (!(await record({ change: change.value, reason, rings, rollback, at }, ports))) return { outcome: 'recording' }
  const result = await ledger.commit({
    moves: [changeMove(change, moved.change)],
    evidence: [changeEvidence(moved.change, event, evidenceBy(ports, at))],
  })
  if (!('committed' in result)) return undefined
  if (quarantined.length > 0 || rollback?.state !== 'succeeded') metrics.count('RollbackFailed')
  return { outcome: 'rolled-back' }
}

/** The machine waits for a day; one that was opened less than this ago has not been waited for. */
const rollbackMsMax = 23 * 3_600_000

const isRunning = ({ state, openedAt }: Ring, at: string): boolean =>
  state === 'open' && msBetween(openedAt, at) < rollbackMsMax

interface Ended {
  readonly change: Change
  readonly reason: string
  readonly rings: readonly Ring[]
  readonly rollback: Ring | undefined
  readonly at: string
}

/**
 * What must be recorded before the change counts as rolled back: its packages are blocked, its hosts accounted for.
 *
 * @returns whether every outcome stands.
 */
async function record({ change, reason, rings, rollback, at }: Ended, ports: Ports): Promise<boolean> {
  const { changeId, service, planHash } = change
  const { ledger, account, region } = ports
  const plan = planHash === undefined ? undefined : await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  if (!plan || planHash === undefined) return true
  await blockPatches({ changeId, packages: plan.value.manifest.packages, because: reason, at }, ports)
  const ended = { changeId, service, ending: 'rolled-back', because: reason, rollback: rtoOf(rollback) } as const
  const runs = () => readHostRuns({ changeId, plan: plan.value, rings, hub: { account, region } }, ledger)
  return (await recordOutcomes(ended, runs, ports)).isComplete
}

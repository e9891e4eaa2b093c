/** Ends a rollback: blocks the patch for the fleet, files what became of each host, then moves the change. */
import * as z from 'zod'
import { ChangeRecord, changeEvidence, changeMove, type MovePorts, moveChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Metrics } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { quarantinedOf, RingRecord } from '../rollout/index.ts'
import { run as blockPatches } from './block-patches.ts'
import { outcomeOf, rollbackRing } from './open.ts'

export const FinishRollback = z.strictObject({ changeId: z.string().length(26), ring: z.string(), reason: z.string() })
export type FinishRollback = z.infer<typeof FinishRollback>

export interface Ports extends MovePorts {
  readonly metrics: Metrics
}

/**
 * Blocks come first, in transactions of their own and each once: a change may hold 200 packages, more than one transaction
 * takes, and a crash on the way must leave the fleet blocked and the change open rather than the other way round.
 *
 * @throws DrydockError DD2001 without the change, DD2002 when somebody else moved it at the same moment.
 */
export async function run({ changeId, ring, reason }: FinishRollback, ports: Ports) {
  const { ledger, clock, ids, account, metrics } = ports
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change) throw new DrydockError('DD2001', `change ${changeId} is not in the ledger`)
  const rollback = (await ledger.read(RingRecord, keys.ring(changeId, rollbackRing(ring))))?.value
  const at = isoInstant(clock.nowMs())
  const quarantined = rollback ? quarantinedOf(rollback) : []
  const event = { type: 'rolled-back', because: outcomeOf(rollback, reason), quarantined } as const
  const moved = moveChange(change.value, event, at)
  if ('refused' in moved) return { outcome: change.value.state }
  const { planHash } = change.value
  const plan = planHash === undefined ? undefined : await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  await blockPatches({ changeId, packages: plan?.value.manifest.packages ?? [], because: reason, at }, ports)
  const result = await ledger.commit({
    moves: [changeMove(change, moved.change)],
    evidence: [changeEvidence(moved.change, event, { leafId: ids.next(), at, account, actor: 'drydock' })],
  })
  if (!('committed' in result))
    throw new DrydockError(
      'DD2002',
      `change ${changeId} was moved by someone else at the same moment; the machine asks again`,
    )
  if (quarantined.length > 0 || rollback?.state !== 'succeeded') metrics.count('RollbackFailed')
  return { outcome: 'rolled-back' }
}

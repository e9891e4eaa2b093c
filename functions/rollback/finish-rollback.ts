/** Records how a rollback went and blocks the patch for the fleet. */
import * as z from 'zod'
import { ChangeRecord, changeEvidence, changeMove, type MovePorts, moveChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Move } from '../kit/ledger.ts'
import type { Metrics } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { BlockedPatchRecord, PlanRecord } from '../planning/index.ts'
import { quarantinedOf, RingRecord } from '../rollout/index.ts'
import { outcomeOf, rollbackRing } from './open.ts'

export const FinishRollback = z.strictObject({ changeId: z.string().length(26), ring: z.string(), reason: z.string() })
export type FinishRollback = z.infer<typeof FinishRollback>

export interface Ports extends MovePorts {
  readonly metrics: Metrics
}

export async function run({ changeId, ring, reason }: FinishRollback, { ledger, clock, ids, account, metrics }: Ports) {
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change) throw new DrydockError('DD2001', `change ${changeId} is not in the ledger`)
  const rollback = (await ledger.read(RingRecord, keys.ring(changeId, rollbackRing(ring))))?.value
  const at = isoInstant(clock.nowMs())
  const quarantined = rollback ? quarantinedOf(rollback) : []
  const event = { type: 'rolled-back', because: outcomeOf(rollback, reason, at), quarantined } as const
  const moved = moveChange(change.value, event, at)
  if ('refused' in moved) return { outcome: change.value.state }
  if (quarantined.length > 0 || rollback?.state !== 'succeeded') metrics.count('RollbackFailed')
  const plan =
    change.value.planHash === undefined
      ? undefined
      : await ledger.read(PlanRecord, keys.plan(changeId, change.value.planHash))
  const blocks: Move[] = []
  for (const { name, version } of plan?.value.manifest.packages ?? []) {
    const key = keys.blockedPatch(name, version)
    if (await ledger.read(BlockedPatchRecord, key)) continue
    blocks.push({
      kind: 'blocked-patch',
      key,
      from: 0,
      value: { package: name, version, changeId, because: reason, at },
      list: { pk: lists.blockedPatches, sk: `${name}#${version}` },
    })
  }
  const result = await ledger.commit({
    moves: [changeMove(change, moved.change), ...blocks],
    evidence: [changeEvidence(moved.change, event, { leafId: ids.next(), at, account, actor: 'drydock' })],
  })
  if (!('committed' in result))
    throw new DrydockError(
      'DD2002',
      `change ${changeId} was moved by someone else at the same moment; the machine asks again`,
    )
  return { outcome: 'rolled-back' }
}

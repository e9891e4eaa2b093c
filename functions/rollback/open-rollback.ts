/** Opens the rollback of a change and wakes the dispatcher; a repeated call hands over the new token. */
import * as z from 'zod'
import { ChangeRecord, type MovePorts } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Nudges } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { RingRecord, ringMove } from '../rollout/index.ts'
import { openRollback, rollbackRing } from './open.ts'
import { ringsOf } from './read-host-runs.ts'

export const OpenRollback = z.strictObject({
  changeId: z.string().length(26),
  ring: z.string(),
  reason: z.string(),
  taskToken: z.string(),
})
export type OpenRollback = z.infer<typeof OpenRollback>

export interface Ports extends MovePorts {
  readonly nudges: Nudges
}

export async function run(
  { changeId, ring, reason, taskToken }: OpenRollback,
  { ledger, clock, ids, account, nudges }: Ports,
) {
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  const planHash = change?.value.planHash
  const plan = planHash === undefined ? undefined : await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  if (!plan || planHash === undefined)
    throw new DrydockError('DD2001', `change ${changeId} has no plan to roll back by: act by hand`)
  const rings = await ringsOf(changeId, ledger)
  const name = rollbackRing(ring)
  const known = await ledger.read(RingRecord, keys.ring(changeId, name))
  const at = isoInstant(clock.nowMs())
  const rollback = known
    ? { ...known.value, taskToken }
    : openRollback({ plan: plan.value, planHash, ring, rings, taskToken, at })
  const result = await ledger.commit({
    moves: [ringMove(known, rollback)],
    evidence: [
      {
        leafId: ids.next(),
        at,
        type: 'rollback.opened',
        account,
        changeId,
        actor: 'drydock',
        body: { ring: name, reason, hosts: Object.keys(rollback.hosts), rtoDeadlineAt: rollback.rtoDeadlineAt ?? null },
      },
    ],
  })
  if (!('committed' in result))
    throw new DrydockError(
      'DD2002',
      `the rollback of ${changeId} was moved by someone else at the same moment; the machine tries again`,
    )
  await nudges.send('dispatch', { changeId, ring: name, sweep: 1 })
  return { outcome: 'opened' }
}

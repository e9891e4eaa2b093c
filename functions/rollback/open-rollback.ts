/** Opens the rollback of a change and wakes the dispatcher; a repeated call hands over the new token. */
import * as z from 'zod'
import { ChangeRecord, type MovePorts } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { Nudges } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { readRing, ringMoves, ringsOf } from '../rollout/index.ts'
import { openRollback, rollbackRing } from './open.ts'

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

/**
 * A rollback that stands keeps its hosts as they are; only its machine is another.
 *
 * @throws DrydockError DD2001 without the change or its plan, DD2002 when the dispatcher was faster at every try.
 */
export async function run(asked: OpenRollback, ports: Ports) {
  const what = `the rollback of ${asked.changeId}`
  const outcome = await retried({ code: 'DD2002', what, advice: 'the machine asks again' }, () => tryOnce(asked, ports))
  await ports.nudges.send('dispatch', { changeId: asked.changeId, ring: rollbackRing(asked.ring), sweep: 1 })
  return outcome
}

/** Undefined: another writer came first. */
async function tryOnce({ changeId, ring, reason, taskToken }: OpenRollback, ports: Ports) {
  const { ledger, clock } = ports
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  const planHash = change?.value.planHash
  const plan = planHash === undefined ? undefined : await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  if (!plan || planHash === undefined)
    throw new DrydockError('DD2001', `change ${changeId} has no plan to roll back by: act by hand`)
  const rings = await ringsOf(changeId, ledger)
  const name = rollbackRing(ring)
  const known = await readRing(changeId, name, ledger)
  const at = isoInstant(clock.nowMs())
  const rollback = known
    ? { ...known.value, taskToken }
    : openRollback({ plan: plan.value, planHash, ring, rings, taskToken, at })
  const hosts = Object.keys(rollback.hosts)
  const body = { ring: name, reason, hosts, rtoDeadlineAt: rollback.rtoDeadlineAt ?? null }
  const { moves, drops } = ringMoves(known, rollback)
  const result = await ledger.commit({
    moves,
    drops,
    evidence: [{ ...evidenceBy(ports, at), type: 'rollback.opened', changeId, body }],
  })
  return 'committed' in result ? { outcome: 'opened' } : undefined
}

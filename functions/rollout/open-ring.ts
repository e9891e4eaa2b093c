/** Opens a ring: writes its record with the waiting machine's token, moves the change, wakes the dispatcher. */
import * as z from 'zod'
import { ChangeRecord, changeEvidence, changeMove, type MovePorts, moveChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Nudges } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { RingRecord, ringMove } from './ring.ts'
import { openedRing, refuseEnded } from './ring-opening.ts'

export const OpenRing = z.strictObject({ changeId: z.string().length(26), ring: z.string(), taskToken: z.string() })
export type OpenRing = z.infer<typeof OpenRing>

export interface Ports extends MovePorts {
  readonly nudges: Nudges
}

/** Tries before a conflict is reported: the dispatcher may be moving the ring of an earlier driver. */
const triesMax = 5

export async function run(asked: OpenRing, ports: Ports) {
  for (let tries = 0; tries < triesMax; tries++)
    if (await tryOnce(asked, ports)) {
      await ports.nudges.send('dispatch', { changeId: asked.changeId, ring: asked.ring, sweep: 1 })
      return { outcome: 'opened' }
    }
  throw new DrydockError(
    'DD1804',
    `ring ${asked.ring} of ${asked.changeId} was moved by others ${triesMax} times in a row; the change is held`,
  )
}

/**
 * False if another writer was faster. A ring that has ended does not move its change, and its end answers the new
 * token.
 */
async function tryOnce({ changeId, ring: name, taskToken }: OpenRing, ports: Ports): Promise<boolean> {
  const { ledger, clock, ids, account } = ports
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change?.value.planHash) throw new DrydockError('DD1803', `change ${changeId} has no plan`)
  refuseEnded(change.value, name)
  const plan = await ledger.read(PlanRecord, keys.plan(changeId, change.value.planHash))
  if (!plan) throw new DrydockError('DD1803', `plan ${change.value.planHash} of ${changeId} is missing`)
  const known = await ledger.read(RingRecord, keys.ring(changeId, name))
  const at = isoInstant(clock.nowMs())
  const ring = openedRing(plan.value, change.value.planHash, name, known?.value, taskToken, at)
  const event = { type: 'ring-opened', ring: name } as const
  const moved = ring.state === 'open' ? moveChange(change.value, event, at) : { refused: 'ring-ended' as const }
  const by = { leafId: ids.next(), at, account, actor: 'drydock' }
  const result = await ledger.commit({
    moves: [ringMove(known, ring), ...('change' in moved ? [changeMove(change, moved.change)] : [])],
    evidence: [
      'change' in moved
        ? changeEvidence(moved.change, event, by)
        : { ...by, type: 'rollout.ring-awaited', changeId, body: { ring: name, state: ring.state } },
    ],
  })
  return 'committed' in result
}

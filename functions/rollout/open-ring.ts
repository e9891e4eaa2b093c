/** Opens a ring: writes its record with the waiting machine's token, moves the change, wakes the dispatcher. */
import * as z from 'zod'
import { ChangeRecord, changeEvidence, changeMove, type MovePorts, moveChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { Nudges } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { ringMoves } from './ring-moves.ts'
import { openedRing, refuseEnded } from './ring-opening.ts'
import { readRing } from './ring-record.ts'

export const OpenRing = z.strictObject({ changeId: z.string().length(26), ring: z.string(), taskToken: z.string() })
export type OpenRing = z.infer<typeof OpenRing>

export interface Ports extends MovePorts {
  readonly nudges: Nudges
}

/**
 * Opens the ring, or hands the new token to one that is known. A conflict is read again: the dispatcher moves the ring of an
 * earlier driver meanwhile.
 *
 * @throws DrydockError DD1803 without the plan, DD1804 when every try met another writer.
 */
export async function run(asked: OpenRing, ports: Ports) {
  const { changeId, ring } = asked
  const contention = { code: 'DD1804', what: `ring ${ring} of ${changeId}`, advice: 'the change is held' }
  const opened = await retried(contention, () => tryOnce(asked, ports))
  await ports.nudges.send('dispatch', { changeId, ring, sweep: 1 })
  return opened
}

/** undefined: another writer came first. A ring that has ended keeps its change where it is, and its end answers the new token. */
async function tryOnce(
  { changeId, ring: name, taskToken }: OpenRing,
  ports: Ports,
): Promise<{ outcome: 'opened' } | undefined> {
  const { ledger, clock } = ports
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change?.value.planHash) throw new DrydockError('DD1803', `change ${changeId} has no plan`)
  refuseEnded(change.value, name)
  const plan = await ledger.read(PlanRecord, keys.plan(changeId, change.value.planHash))
  if (!plan) throw new DrydockError('DD1803', `plan ${change.value.planHash} of ${changeId} is missing`)
  const known = await readRing(changeId, name, ledger)
  const at = isoInstant(clock.nowMs())
  const ring = openedRing(plan.value, change.value.planHash, name, known?.value, taskToken, at)
  const event = { type: 'ring-opened', ring: name } as const
  const moved = ring.state === 'open' ? moveChange(change.value, event, at) : { refused: 'ring-ended' as const }
  const by = evidenceBy(ports, at)
  const stands = ringMoves(known, ring)
  const result = await ledger.commit({
    moves: [...stands.moves, ...('change' in moved ? [changeMove(change, moved.change)] : [])],
    drops: stands.drops,
    evidence: [
      'change' in moved
        ? changeEvidence(moved.change, event, by)
        : { ...by, type: 'rollout.ring-awaited', changeId, body: { ring: name, state: ring.state } },
    ],
  })
  return 'committed' in result ? { outcome: 'opened' } : undefined
}

/** Opens a ring: writes its record with the waiting machine's token, moves the change, wakes the dispatcher. */

import * as z from 'zod'
import { configured, Settings } from '../../aws/configuration.ts'
import { ringOpeningPorts, ringOpeningSettings } from '../../aws/ring-opening-ports.ts'
import { ChangeRecord, changeEvidence, changeMove, type MovePorts, moveChange } from '../../changes/index.ts'
import { DrydockError } from '../../kit/errors.ts'
import { keys } from '../../kit/keys.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import type { Nudges } from '../../kit/ports.ts'
import { isoInstant } from '../../kit/time.ts'
import { PlanRecord } from '../../planning/index.ts'
import { openedRing, refuseEnded } from '../open.ts'
import { RingRecord, ringMove } from '../ring.ts'

export const OpenRing = z.strictObject({ changeId: z.string().length(26), ring: z.string(), taskToken: z.string() })
export type OpenRing = z.infer<typeof OpenRing>

interface Ports extends MovePorts {
  readonly nudges: Nudges
}

export async function run({ changeId, ring: name, taskToken }: OpenRing, ports: Ports) {
  const { ledger, clock, ids, account, nudges } = ports
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change?.value.planHash) throw new DrydockError('DD1803', `change ${changeId} has no plan`)
  refuseEnded(change.value, name)
  const plan = await ledger.read(PlanRecord, keys.plan(changeId, change.value.planHash))
  if (!plan) throw new DrydockError('DD1803', `plan ${change.value.planHash} of ${changeId} is missing`)
  const known = await ledger.read(RingRecord, keys.ring(changeId, name))
  const at = isoInstant(clock.nowMs())
  const ring = openedRing(plan.value, change.value.planHash, name, known?.value, taskToken, at)
  const event = { type: 'ring-opened', ring: name } as const
  const moved = moveChange(change.value, event, at)
  const by = { leafId: ids.next(), at, account, actor: 'drydock' }
  const result = await ledger.commit({
    moves: [ringMove(known, ring), ...('change' in moved ? [changeMove(change, moved.change)] : [])],
    evidence: [
      'change' in moved
        ? changeEvidence(moved.change, event, by)
        : { ...by, type: 'rollout.ring-awaited', changeId, body: { ring: name, state: ring.state } },
    ],
  })
  if (!('committed' in result))
    throw new DrydockError(
      'DD1804',
      `ring ${name} of ${changeId} was moved by someone else at the same moment; the machine asks again`,
    )
  await nudges.send('dispatch', { changeId, ring: name, sweep: 1 })
  return { outcome: 'opened' }
}

export const Configuration = Settings.pick(ringOpeningSettings)

export const handler = lambdaHandler(OpenRing, configured(Configuration, ringOpeningPorts), run)

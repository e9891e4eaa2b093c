/** Tells the driver what a change needs next; moves it only into and out of `held`. */
import * as z from 'zod'
import { PolicyRecord } from '../catalogue/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { RecordKind } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { ChangeRecord } from './change.ts'
import { type MovePorts, moveRecordedChange } from './move.ts'
import { nextStep } from './next-step.ts'

export const ChooseNextStep = z.strictObject({ changeId: z.string().length(26) })
export type ChooseNextStep = z.infer<typeof ChooseNextStep>

// Only what the driver reads of records whose rooms stand later in the flow; their own schemas are stricter.
const PlanRings: RecordKind<{ rings: { name: string }[] }> = {
  kind: 'plan',
  schema: z.object({ rings: z.array(z.object({ name: z.string() })) }),
}
const RingState: RecordKind<{
  state: 'open' | 'succeeded' | 'failed' | 'halted' | 'stopped'
  because?: string | undefined
}> = {
  kind: 'ring',
  schema: z.object({
    state: z.enum(['open', 'succeeded', 'failed', 'halted', 'stopped']),
    because: z.string().optional(),
  }),
}
const ValidationState: RecordKind<{
  state: 'soaking' | 'passed' | 'failed' | 'inconclusive'
  because?: string | undefined
}> = {
  kind: 'validation',
  schema: z.object({ state: z.enum(['soaking', 'passed', 'failed', 'inconclusive']), because: z.string().optional() }),
}

export async function run({ changeId }: ChooseNextStep, ports: MovePorts) {
  const { ledger, clock } = ports
  const read = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!read) throw new DrydockError('DD1501', `change ${changeId} is not in the ledger`)
  const change = read.value
  const policy = await ledger.read(PolicyRecord, keys.policy())
  const plan =
    change.planHash === undefined ? undefined : await ledger.read(PlanRings, keys.plan(changeId, change.planHash))
  const ring = change.ring === undefined ? undefined : await ledger.read(RingState, keys.ring(changeId, change.ring))
  const validation =
    change.ring === undefined ? undefined : await ledger.read(ValidationState, keys.validation(changeId, change.ring))
  const next = nextStep({
    change,
    rings: plan?.value.rings.map(({ name }) => name) ?? [],
    ring: outcomeOf(ring?.value),
    validation: outcomeOf(validation?.value),
    gatherSeconds: policy?.value.changes.gatherSeconds ?? 0,
    now: isoInstant(clock.nowMs()),
  })
  if (next.step === 'hold') await moveRecordedChange(changeId, { type: 'held', because: next.because }, ports)
  if (next.step === 'release') await moveRecordedChange(changeId, { type: 'released' }, ports)
  if (next.step === 'hold' || next.step === 'release') return { changeId, step: 'wait', seconds: 0 }
  return { changeId, ...next }
}

function outcomeOf<State extends string>(
  record: { state: State; because?: string | undefined } | undefined,
): { state: State | 'none'; because?: string } {
  if (!record) return { state: 'none' }
  return record.because === undefined ? { state: record.state } : { state: record.state, because: record.because }
}

/** Tells the driver what a change needs next; moves it only into and out of `held`. */
import * as z from 'zod'
import { PolicyRecord } from '../catalogue/index.ts'
import { type Change, ChangeRecord, type MovePorts, moveRecordedChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { RecordKind, Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { type NextStepFacts, nextStep } from './next-step.ts'

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

/** How often facts are read again because the change moved meanwhile. */
const triesMax = 5

export async function run({ changeId }: ChooseNextStep, ports: MovePorts) {
  const facts = await factsAtRest(changeId, ports)
  if (!facts) return { changeId, step: 'wait', seconds: 1 }
  const next = nextStep(facts)
  if (next.step === 'hold') await moveRecordedChange(changeId, { type: 'held', because: next.because }, ports)
  if (next.step === 'release') await moveRecordedChange(changeId, { type: 'released' }, ports)
  if (next.step === 'hold' || next.step === 'release') return { changeId, step: 'wait', seconds: 0 }
  return { changeId, ...next }
}

/**
 * Facts of one moment: a ring that ends moves its change with it, so a change that is older than its ring would look stuck (F13).
 *
 * @returns undefined where the change moved at every try.
 */
async function factsAtRest(changeId: string, ports: MovePorts): Promise<NextStepFacts | undefined> {
  let change = await changeOf(changeId, ports)
  for (let tries = 0; tries < triesMax; tries++) {
    const facts = await factsOf(change.value, ports)
    const again = await changeOf(changeId, ports)
    if (again.version === change.version) return facts
    change = again
  }
  return undefined
}

async function changeOf(changeId: string, { ledger }: MovePorts): Promise<Stored<Change>> {
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change) throw new DrydockError('DD1501', `change ${changeId} is not in the ledger`)
  return change
}

async function factsOf(change: Change, { ledger, clock }: MovePorts): Promise<NextStepFacts> {
  const { changeId, planHash, ring: ringName } = change
  const [policy, plan, ring, validation] = await Promise.all([
    ledger.read(PolicyRecord, keys.policy()),
    planHash === undefined ? undefined : ledger.read(PlanRings, keys.plan(changeId, planHash)),
    ringName === undefined ? undefined : ledger.read(RingState, keys.ring(changeId, ringName)),
    ringName === undefined ? undefined : ledger.read(ValidationState, keys.validation(changeId, ringName)),
  ])
  return {
    change,
    rings: plan?.value.rings.map(({ name }) => name) ?? [],
    ring: outcomeOf(ring?.value),
    validation: outcomeOf(validation?.value),
    gatherSeconds: policy?.value.changes.gatherSeconds ?? 0,
    now: isoInstant(clock.nowMs()),
  }
}

function outcomeOf<State extends string>(
  record: { state: State; because?: string | undefined } | undefined,
): { state: State | 'none'; because?: string } {
  if (!record) return { state: 'none' }
  return record.because === undefined ? { state: record.state } : { state: record.state, because: record.because }
}

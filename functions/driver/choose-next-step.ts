/** Tells the driver what a change needs next; moves it into and out of `held`, and past a ring that succeeded without it. */
import * as z from 'zod'
import { CatalogueRecord, PolicyRecord } from '../catalogue/index.ts'
import {
  type Change,
  ChangeRecord,
  DriverRecord,
  driverName,
  heldEvent,
  type MovePorts,
  moveRecordedChange,
} from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { deferralOf, PlanRecord } from '../planning/index.ts'
import { quarantinedOf, RingSummaryRecord, readRing } from '../rollout/index.ts'
import { ValidationRecord } from '../validation/index.ts'
import { type NextStep, type NextStepFacts, nextStep } from './next-step.ts'

/** `driver` is the name of the execution that asks. */
export const ChooseNextStep = z.strictObject({ changeId: z.string().length(26), driver: z.string().optional() })
export type ChooseNextStep = z.infer<typeof ChooseNextStep>

/** Times that facts are reread because the change moved meanwhile. */
const triesMax = 5

export async function run({ changeId, driver }: ChooseNextStep, ports: MovePorts) {
  const asker = { changeId, ...(driver === undefined ? {} : { driver }) }
  const current = await ports.ledger.read(DriverRecord, keys.driver(changeId))
  if (driver !== undefined && driver !== driverName(current?.value ?? { changeId, attempt: 0 }))
    return { ...asker, step: 'done' }
  const facts = await factsAtRest(changeId, ports)
  if (!facts) return { ...asker, step: 'wait', seconds: 1 }
  const next = nextStep(facts)
  if (next.step === 'hold') await moveRecordedChange(changeId, heldByDriver(next.because), ports)
  if (next.step === 'defer') {
    const { until, because } = next
    await moveRecordedChange(changeId, { type: 'deferred', until, because }, ports)
  }
  if (next.step === 'release') await moveRecordedChange(changeId, { type: 'released' }, ports)
  if (next.step === 'advance') await advance(changeId, next.ring, ports)
  if (atOnce.includes(next.step)) return { ...asker, step: 'wait', seconds: 0 }
  return { ...asker, ...next }
}

/** Steps that this function takes itself. */
const atOnce: readonly NextStep['step'][] = ['hold', 'defer', 'release', 'advance']

/** Holds for an unforeseen state of the ledger, which a person has to examine. */
const heldByDriver = (because: string) =>
  heldEvent([{ gate: 'driver', because, endedBy: { kind: 'person', role: 'operations' } }])

/** Moves a change past the ring that succeeded without it; held where that ring was of another plan. */
async function advance(changeId: string, name: string, ports: MovePorts): Promise<void> {
  const { value: change } = await changeOf(changeId, ports)
  const ring = (await readRing(changeId, name, ports.ledger))?.value
  const event =
    ring && ring.planHash === change.planHash
      ? ({ type: 'ring-deployed', ring: name, quarantined: quarantinedOf(ring) } as const)
      : heldByDriver(`ring ${name} succeeded for another plan than the change has`)
  await moveRecordedChange(changeId, event, ports)
}

/**
 * Consistent facts: a ring that ends moves its change with it, so a change older than its ring would look stuck (F13).
 * @returns undefined if the change moved at every try.
 */
async function factsAtRest(changeId: string, ports: MovePorts): Promise<NextStepFacts | undefined> {
  let change = await changeOf(changeId, ports)
  for (let tries = 0; tries < triesMax; tries++) {
    const facts = await nextStepFacts(change.value, ports)
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

async function nextStepFacts(change: Change, { ledger, clock }: MovePorts): Promise<NextStepFacts> {
  const { changeId, planHash, ring: ringName } = change
  const [policy, catalogue, plan, ring, validation] = await Promise.all([
    ledger.read(PolicyRecord, keys.policy()),
    change.state === 'assessed' ? ledger.read(CatalogueRecord, keys.catalogue()) : undefined,
    planHash === undefined ? undefined : ledger.read(PlanRecord, keys.plan(changeId, planHash)),
    ringName === undefined ? undefined : ledger.read(RingSummaryRecord, keys.ring(changeId, ringName)),
    ringName === undefined ? undefined : ledger.read(ValidationRecord, keys.validation(changeId, ringName)),
  ])
  const service = catalogue?.value.services.find(({ name }) => name === change.service)
  return {
    change,
    deferral: policy && deferralOf(change, service, policy.value),
    rings: plan?.value.rings.map(({ name }) => name) ?? [],
    ring: ring?.value,
    validation: validation?.value,
    gatherSeconds: policy?.value.changes.gatherSeconds ?? 0,
    now: isoInstant(clock.nowMs()),
  }
}

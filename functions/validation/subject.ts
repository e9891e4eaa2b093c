/** The inputs of a validation, read from the ledger; a missing one is named, so that the caller can hold. */
import { CatalogueRecord, type Policy, PolicyRecord, type Service } from '../catalogue/index.ts'
import { type Change, ChangeRecord } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger, Stored } from '../kit/ledger.ts'
import { type Plan, type PlannedRing, PlanRecord } from '../planning/index.ts'
import { BaselineRecord, type ProbeOutcome, type Ring, readRing } from '../rollout/index.ts'
import { type Validation, ValidationRecord, type ValidationRules } from './validation.ts'

/** What validation reads of a ring that has ended. */
export type DeployedRing = Pick<Ring, 'openedAt' | 'hosts'> & { readonly endedAt: string }

export interface Facts {
  readonly plan: Plan
  readonly plannedRing: PlannedRing
  readonly ring: DeployedRing
  readonly service: Service
  readonly policy: Policy
  readonly rules: ValidationRules
  /** The probe results when this ring passed its gates. */
  readonly probesBefore?: readonly ProbeOutcome[]
}

export interface Subject {
  readonly change: Stored<Change>
  readonly validation: Stored<Validation> | undefined
  readonly facts: Facts | { readonly missing: string }
}

export interface RingName {
  readonly changeId: string
  readonly ring: string
}

/**
 * Reads the change, its validation of the ring, and the rules for it.
 *
 * @throws DrydockError DD1901 when there is no such change: then there is nothing to hold either.
 */
export async function readSubject({ changeId, ring }: RingName, ledger: Ledger): Promise<Subject> {
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change) throw new DrydockError('DD1901', `change ${changeId} is not in the ledger`)
  const validation = await ledger.read(ValidationRecord, keys.validation(changeId, ring))
  return { change, validation, facts: await readFacts(change.value, ring, ledger) }
}

/** Whether the change is where this ring's validation may still move it. */
export const isValidating = ({ state, ring: current, ringsDone }: Change, ring: string) =>
  state === 'validating' && current === ring && !ringsDone.includes(ring)

async function readFacts(change: Change, ringName: string, ledger: Ledger): Promise<Subject['facts']> {
  const { changeId, planHash } = change
  if (planHash === undefined) return { missing: 'the change has no plan' }
  const plan = (await ledger.read(PlanRecord, keys.plan(changeId, planHash)))?.value
  if (!plan) return { missing: `plan ${planHash} is not in the ledger` }
  const plannedRing = plan.rings.find((entry) => entry.name === ringName)
  if (!plannedRing) return { missing: `the plan has no ring ${ringName}` }
  const ring = (await readRing(changeId, ringName, ledger))?.value
  if (!ring) return { missing: `ring ${ringName} is not in the ledger` }
  const { endedAt } = ring
  if (ring.state !== 'succeeded' || endedAt === undefined)
    return { missing: `ring ${ringName} is ${ring.state}, not succeeded` }
  const service = (await ledger.read(CatalogueRecord, keys.catalogue()))?.value.services.find(
    (entry) => entry.name === change.service,
  )
  if (!service) return { missing: `service ${change.service} is not in the catalogue` }
  const policy = (await ledger.read(PolicyRecord, keys.policy()))?.value
  if (!policy) return { missing: 'there is no policy' }
  const baseline = await ledger.read(BaselineRecord, keys.baseline(changeId, ringName))
  return {
    plan,
    plannedRing,
    ring: { ...ring, endedAt },
    service,
    policy,
    rules: {
      looksMax: policy.validation.looksMax,
      looksExtra: policy.validation.looksExtra ?? 0,
      lookSeconds: policy.validation.lookSeconds,
      soakSeconds: plannedRing.soakSeconds,
      probeFailuresMax: service.rollbackCriteria.probeFailuresMax,
    },
    ...(baseline ? { probesBefore: baseline.value.probes } : {}),
  }
}

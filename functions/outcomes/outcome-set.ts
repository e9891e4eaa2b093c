/** All outcomes of one end of a change: that they are begun, that they all stand, and what they cost each service. */
import * as z from 'zod'
import { byText, byTextOf } from '../kit/by-text.ts'
import { canonicalJson } from '../kit/json.ts'
import type { RecordKind } from '../kit/ledger.ts'
import { type HostOutcome, HostVerdict, Seconds } from './outcome.ts'

const Common = {
  changeId: z.string(),
  sequence: z.number().int().min(1),
  service: z.string(),
  ending: z.enum(['closed', 'rolled-back']),
  /** When the change ended, ISO 8601 UTC. */
  at: z.string(),
}

/** An end of a change that is being recorded; what follows, also after a crash, has this instant and this sequence. */
export const OutcomeBegun = z.strictObject({ schemaVersion: z.literal(1), ...Common, because: z.string() })
export type OutcomeBegun = z.infer<typeof OutcomeBegun>

export const OutcomeBegunRecord: RecordKind<OutcomeBegun> = { kind: 'outcome-begun', schema: OutcomeBegun }

/** How long a rollback took beside what it was allowed. */
export const RollbackTime = z.strictObject({
  tookSeconds: Seconds,
  rtoSeconds: Seconds,
  /** Whether it kept its RTO: every host restored, in time. */
  isKept: z.union([z.boolean(), z.literal('unknown')]),
})
export type RollbackTime = z.infer<typeof RollbackTime>

/** How many of each verdict; every verdict is named. */
const Verdicts = z.record(HostVerdict, z.number().int().min(0))

export const OutcomeSet = z.strictObject({
  schemaVersion: z.literal(1),
  ...Common,
  because: z.string(),
  hosts: z.number().int().min(0),
  verdicts: Verdicts,
  services: z.array(z.string()),
  rollback: RollbackTime.optional(),
  /** SHA-256 over the outcomes of all hosts, see `setDigestOf`. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
})
export type OutcomeSet = z.infer<typeof OutcomeSet>

export const OutcomeSetRecord: RecordKind<OutcomeSet> = { kind: 'outcome-set', schema: OutcomeSet }

/** What an end of a change cost one service: the hosts of it that the change was to patch. */
export const ServiceOutcome = z.strictObject({
  schemaVersion: z.literal(1),
  changeId: z.string(),
  sequence: z.number().int().min(1),
  /** The service whose hosts are counted; the change may be of another. */
  service: z.string(),
  ending: z.enum(['closed', 'rolled-back']),
  at: z.string(),
  hosts: z.number().int().min(1),
  verdicts: Verdicts,
  /** Host-seconds of availability burned, as far as known, and of how many hosts nobody knows. */
  unavailable: z.strictObject({ seconds: z.number().min(0), hostsUnknown: z.number().int().min(0) }),
  /** Of the rollback that ended the change, where hosts of the service were in it. */
  rollback: RollbackTime.optional(),
})
export type ServiceOutcome = z.infer<typeof ServiceOutcome>

export const ServiceOutcomeRecord: RecordKind<ServiceOutcome> = { kind: 'service-outcome', schema: ServiceOutcome }

export type Digest = (text: string) => string

/** One order for all who read, write or digest a set. */
export const inHostOrder = (outcomes: readonly HostOutcome[]) => outcomes.toSorted(byTextOf(({ hostId }) => hostId))

/** SHA-256 over the canonical JSON (RFC 8785) of the hosts' own digests, in order of host. */
export const setDigestOf = (outcomes: readonly HostOutcome[], digest: Digest): string =>
  digest(canonicalJson(inHostOrder(outcomes).map((outcome) => digest(canonicalJson(outcome)))))

const countsOf = (outcomes: readonly HostOutcome[]): OutcomeSet['verdicts'] => {
  const of = (verdict: HostVerdict) => outcomes.filter((outcome) => outcome.verdict === verdict).length
  return {
    proven: of('proven'),
    restored: of('restored'),
    untouched: of('untouched'),
    skipped: of('skipped'),
    failed: of('failed'),
    quarantined: of('quarantined'),
    gone: of('gone'),
    unknown: of('unknown'),
  }
}

const servicesOf = (outcomes: readonly HostOutcome[]) =>
  [...new Set(outcomes.flatMap(({ services }) => services))].sort(byText)

/** The record that completes a set. */
export function outcomeSetOf(
  begun: OutcomeBegun,
  outcomes: readonly HostOutcome[],
  rollback: RollbackTime | undefined,
  digest: Digest,
): OutcomeSet {
  return {
    ...begun,
    hosts: outcomes.length,
    verdicts: countsOf(outcomes),
    services: servicesOf(outcomes),
    ...(rollback ? { rollback } : {}),
    digest: setDigestOf(outcomes, digest),
  }
}

/** One for each service that a host of the set serves. */
export function serviceOutcomesOf(
  { changeId, sequence, ending, at }: OutcomeBegun,
  outcomes: readonly HostOutcome[],
  rollback: RollbackTime | undefined,
): ServiceOutcome[] {
  return servicesOf(outcomes).map((service) => {
    const own = outcomes.filter(({ services }) => services.includes(service))
    const seconds = own.map(({ unavailableSeconds }) => unavailableSeconds)
    const isInRollback = own.some(({ rollbackSeconds }) => rollbackSeconds !== undefined)
    return {
      schemaVersion: 1,
      changeId,
      sequence,
      service,
      ending,
      at,
      hosts: own.length,
      verdicts: countsOf(own),
      unavailable: {
        seconds: seconds.reduce<number>((sum, one) => (one === 'unknown' ? sum : sum + one), 0),
        hostsUnknown: seconds.filter((one) => one === 'unknown').length,
      },
      ...(rollback && isInRollback ? { rollback } : {}),
    }
  })
}

/** All outcomes of one end of a change: when begun, when complete, and their cost to each service. */
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

/** An end of a change being recorded; all its records, also after a crash, have this instant and sequence. */
export const OutcomeBegun = z.strictObject({ schemaVersion: z.literal(1), ...Common, because: z.string() })
export type OutcomeBegun = z.infer<typeof OutcomeBegun>

/** An end of a change whose outcomes are being recorded, one record per end. */
export const OutcomeBegunRecord: RecordKind<OutcomeBegun> = { kind: 'outcome-begun', schema: OutcomeBegun }

/** How long a rollback took, and its RTO, in seconds. */
export const RollbackTime = z.strictObject({
  tookSeconds: Seconds,
  rtoSeconds: Seconds,
  /** Whether it met its RTO: every host restored in time. */
  isKept: z.union([z.boolean(), z.literal('unknown')]),
})
export type RollbackTime = z.infer<typeof RollbackTime>

/** Hosts by verdict; every verdict has an entry. */
const Verdicts = z.record(HostVerdict, z.number().int().min(0))

/**
 * The completion of an end of a change: counts by verdict, the rollback against its RTO, and a digest over all hosts.
 */
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

/** A completed set in the ledger, one record per end of a change. */
export const OutcomeSetRecord: RecordKind<OutcomeSet> = { kind: 'outcome-set', schema: OutcomeSet }

/** The cost of an end of a change to one service, over its hosts that the change was to patch. */
export const ServiceOutcome = z.strictObject({
  schemaVersion: z.literal(1),
  changeId: z.string(),
  sequence: z.number().int().min(1),
  /** The service whose hosts are counted; may differ from the change's. */
  service: z.string(),
  ending: z.enum(['closed', 'rolled-back']),
  at: z.string(),
  hosts: z.number().int().min(1),
  verdicts: Verdicts,
  /** Known host-seconds of availability burned, and the number of hosts for which they are unknown. */
  unavailable: z.strictObject({ seconds: z.number().min(0), hostsUnknown: z.number().int().min(0) }),
  /** The rollback that ended the change, if hosts of the service were in it. */
  rollback: RollbackTime.optional(),
})
export type ServiceOutcome = z.infer<typeof ServiceOutcome>

/** The cost to one service, one record per service and end of a change. */
export const ServiceOutcomeRecord: RecordKind<ServiceOutcome> = { kind: 'service-outcome', schema: ServiceOutcome }

/** SHA-256 of a text, as lower-case hex. */
export type Digest = (text: string) => string

/** The order for reading, writing and digesting a set. */
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

/** One record for each service of the set's hosts. */
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

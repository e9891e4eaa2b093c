/** What a change did to one host: written once when the change ends, for reports, learning and drills. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

/** An unknown quantity has a value of its own and is never 0. */
export const Unknown = z.literal('unknown')

/** Seconds, or `unknown`. */
export const Seconds = z.union([z.number().min(0), Unknown])
export type Seconds = z.infer<typeof Seconds>

/** How a host ended: proven patched, restored by a rollback, untouched, or why none of these. */
export const HostVerdict = z.enum([
  'proven',
  'restored',
  'untouched',
  'skipped',
  'failed',
  'quarantined',
  'gone',
  'unknown',
])
export type HostVerdict = z.infer<typeof HostVerdict>

/** One step of one ring on the host, over all attempts. */
export const StepOutcome = z.strictObject({
  ring: z.string(),
  step: z.string(),
  /** Attempts that ended. */
  attempts: z.number().int().min(1),
  /** How the last attempt ended: `passed`, `reboot`, `retry`, `failed`, `skipped`, `quarantined`, `unclear`, `halt`. */
  verdict: z.string(),
  because: z.string().optional(),
  /** Seconds from the start of the first attempt to the end of the last, by the host's clock. */
  seconds: Seconds,
})
export type StepOutcome = z.infer<typeof StepOutcome>

/** What a change did to one host: verdict, steps with seconds, versions, and the costs of a rollback. */
export const HostOutcome = z.strictObject({
  schemaVersion: z.literal(1),
  changeId: z.string(),
  /** 1 for the first end of the change, one more for each rollback of it after that. */
  sequence: z.number().int().min(1),
  hostId: z.string(),
  account: z.string(),
  region: z.string(),
  zone: z.string(),
  /** Service of the change. */
  service: z.string(),
  /** Every service that the host serves. */
  services: z.array(z.string()),
  ring: z.string(),
  verdict: HostVerdict,
  because: z.string().optional(),
  /** What ended the change, whether or not because of this host. */
  ending: z.enum(['closed', 'rolled-back']),
  /** When the change ended, ISO 8601 UTC. */
  at: z.string(),
  steps: z.array(StepOutcome),
  /** Seconds of age of the restore point when the install began. */
  restorePointAgeSeconds: Seconds,
  /** Seconds from the opening of the rollback to the proof on this host; absent without a rollback. */
  rollbackSeconds: Seconds.optional(),
  /** Seconds from the start of the first disruptive step to the proof that the host is back: availability burned. */
  unavailableSeconds: Seconds,
  /** For each package of the plan that the host has. */
  versions: z.array(z.strictObject({ name: z.string(), before: z.string(), after: z.union([z.string(), Unknown]) })),
})
export type HostOutcome = z.infer<typeof HostOutcome>

/** Under `keys.hostOutcome`, in the list of its change and sequence. */
export const HostOutcomeRecord: RecordKind<HostOutcome> = { kind: 'host-outcome', schema: HostOutcome }

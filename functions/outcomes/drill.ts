/** A rehearsed restore on a host of a service, and how long it took. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { Seconds } from './outcome.ts'

/** A rehearsed restore (a test in the sense of NIST SP 800-34): service, host, rung, seconds and result. */
export const RestoreDrill = z.strictObject({
  schemaVersion: z.literal(1),
  service: z.string(),
  hostId: z.string(),
  /**
   * What was restored, by the rungs of the rollback ladder: `package-downgrade`, `volume-restore`, `instance-refresh`.
   */
  kind: z.enum(['package-downgrade', 'volume-restore', 'instance-refresh']),
  /** Seconds from the start of the restore to its proof; `unknown` if not measured. */
  seconds: Seconds,
  /** Whether the host was proven restored. */
  ok: z.boolean(),
  /** When the drill ended, ISO 8601 UTC. */
  at: z.iso.datetime(),
})
export type RestoreDrill = z.infer<typeof RestoreDrill>

/** A restore drill in the ledger, one record per service, host and instant. */
export const RestoreDrillRecord: RecordKind<RestoreDrill> = { kind: 'restore-drill', schema: RestoreDrill }

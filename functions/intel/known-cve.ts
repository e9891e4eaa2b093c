/** The CVEs that active findings were assessed for: what a new copy of a feed is compared for. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

/** A CVE that an active finding was assessed for. */
export const KnownCve = z.strictObject({ cveId: z.string() })

/** One record for each CVE, written with its first finding's assessment and never dropped. */
export const KnownCveRecord: RecordKind<z.infer<typeof KnownCve>> = { kind: 'known-cve', schema: KnownCve }

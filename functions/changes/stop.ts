/** The kill switch: while it is set, the dispatcher sends nothing for the changes it names. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

/** The kill switch: which changes are stopped, or all, with who last moved it, when (ISO 8601 UTC) and why. */
export const Stop = z.strictObject({
  all: z.boolean(),
  changeIds: z.array(z.string()),
  because: z.string(),
  by: z.string(),
  at: z.string(),
})
export type Stop = z.infer<typeof Stop>

/** The kill switch in the ledger: one record. */
export const StopRecord: RecordKind<Stop> = { kind: 'stop', schema: Stop }

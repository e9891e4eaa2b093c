/** The kill switch: while it is set, the dispatcher sends nothing for the changes it names. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

export const Stop = z.strictObject({
  all: z.boolean(),
  changeIds: z.array(z.string()),
  because: z.string(),
  by: z.string(),
  at: z.string(),
})
export type Stop = z.infer<typeof Stop>
export const StopRecord: RecordKind<Stop> = { kind: 'stop', schema: Stop }

/** Patches that hurt: no plan installs them anywhere until a person lifts the block. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

export const BlockedPatch = z.strictObject({
  package: z.string(),
  version: z.string(),
  changeId: z.string(),
  because: z.string(),
  at: z.string(),
})
export type BlockedPatch = z.infer<typeof BlockedPatch>

export const BlockedPatchRecord: RecordKind<BlockedPatch> = { kind: 'blocked-patch', schema: BlockedPatch }

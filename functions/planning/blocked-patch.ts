/** Harmful patches: no plan installs them anywhere until a person lifts the block. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

/** A package version that was rolled back: no plan contains it until a person lifts the block. */
export const BlockedPatch = z.strictObject({
  package: z.string(),
  version: z.string(),
  changeId: z.string(),
  because: z.string(),
  at: z.string(),
})
export type BlockedPatch = z.infer<typeof BlockedPatch>

/** A blocked patch in the ledger: one record each. */
export const BlockedPatchRecord: RecordKind<BlockedPatch> = { kind: 'blocked-patch', schema: BlockedPatch }

/** The packages that patchable findings name: what is kept of each node's inventory. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

/** A package that a patchable finding names. */
export const KnownPackage = z.strictObject({ name: z.string() })

/** One record for each package name, written with its first finding's assessment and never dropped. */
export const KnownPackageRecord: RecordKind<z.infer<typeof KnownPackage>> = {
  kind: 'known-package',
  schema: KnownPackage,
}

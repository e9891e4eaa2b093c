/** A transition as it waits in the outbox: read back before it is filed, because anything may stand there. */
import * as z from 'zod'
import type { EvidenceRecord } from '../kit/ledger.ts'
import { isLeafId } from './leaf.ts'

const fields = {
  leafId: z.string(),
  at: z.string(),
  type: z.string(),
  account: z.string(),
  changeId: z.string(),
  actor: z.string(),
  body: z.json(),
}

/** A leaf as a reader of verified files takes it: what a newer Drydock adds to its record stays. */
export const FiledLeaf = z.looseObject({ record: z.looseObject(fields) })

const Waiting: z.ZodType<EvidenceRecord> = z.strictObject({
  ...fields,
  leafId: fields.leafId.refine(isLeafId, 'it is no ULID'),
  closes: z.literal(true).exactOptional(),
  versions: z
    .array(z.tuple([z.string(), z.int(), z.int()]))
    .readonly()
    .exactOptional(),
})

/** The record in a text of the outbox, or why it is none: such an item is set aside, and stops no other. */
export function parseWaiting(text: string): EvidenceRecord | { readonly because: string } {
  try {
    const parsed = Waiting.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : { because: z.prettifyError(parsed.error) }
  } catch {
    return { because: 'its record is no JSON' }
  }
}

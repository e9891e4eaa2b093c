/**
 * The text of a record as an attribute: compressed if long, so that a plan or a ring of 10,000 hosts fits into one
 * item.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import * as z from 'zod'
import { DrydockError } from '../kit/errors.ts'
import type { RecordKey } from '../kit/ledger.ts'

/** Shorter texts stay uncompressed, readable in the table. */
const packedFrom = 30_000
/** DynamoDB takes 400 KB an item; the rest is for keys and names. */
const bytesMax = 400_000
/** Quality and window at which Brotli matches the second mention of 10,000 host ids in a plan, in about 20 ms. */
const packing = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 22 } }

export const Value = z.union([
  z.object({ S: z.string() }),
  z.object({ B: z.custom<Uint8Array>((bytes) => bytes instanceof Uint8Array) }),
])
export type Value = z.infer<typeof Value>

/** @throws DrydockError DD1009 when the item would be too large for DynamoDB. */
export function packedValue(text: string, { pk, sk }: RecordKey): Value {
  if (text.length < packedFrom) return { S: text }
  const packed = brotliCompressSync(text, packing)
  if (packed.length > bytesMax)
    throw new DrydockError(
      'DD1009',
      `record ${pk} / ${sk} has ${text.length} characters, ${packed.length} bytes compressed; DynamoDB takes at most ${bytesMax}`,
    )
  return { B: packed }
}

export const storedText = (value: Value): string => ('S' in value ? value.S : brotliDecompressSync(value.B).toString())

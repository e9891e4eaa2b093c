/**
 * The text of a record or of evidence as an attribute: compressed if that saves a write unit, so that a finding costs
 * half, and a ring of 10,000 hosts fits into one item.
 */
import { brotliCompressSync, brotliDecompressSync, constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import * as z from 'zod'
import { packingDictionary } from './packing-dictionary.ts'

/** Shorter texts stay uncompressed, readable in the table: with its keys such an item takes one unit (1 kB). */
const packedFrom = 750
/** Quality and window at which Brotli matches the second mention of 10,000 host ids in a plan, in about 20 ms. */
const packing = (characters: number) => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_LGWIN]: characters < 30_000 ? 16 : 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: characters,
  },
})

export const Value = z.union([
  z.object({ S: z.string() }),
  z.object({ B: z.custom<Uint8Array>((bytes) => bytes instanceof Uint8Array) }),
])
export type Value = z.infer<typeof Value>

/** Longer texts repeat themselves, and gain nothing from a dictionary. */
const sharedUpTo = 20_000
/** No Brotli stream begins so, https://www.rfc-editor.org/rfc/rfc7932#section-9.1: raw deflate follows, with the dictionary. */
const sharedMark = 0x11

/** The text as it is while it is short, else compressed: by Brotli or, where that is shorter, with the dictionary. */
export function packedValue(text: string): Value {
  if (text.length < packedFrom) return { S: text }
  const alone = brotliCompressSync(text, packing(text.length))
  if (text.length > sharedUpTo) return { B: alone }
  const shared = deflateRawSync(text, { level: 9, dictionary: packingDictionary })
  return { B: shared.length + 1 < alone.length ? Buffer.concat([Buffer.of(sharedMark), shared]) : alone }
}

/** The text of an attribute, however it was packed. */
export function storedText(value: Value): string {
  if ('S' in value) return value.S
  if (value.B[0] !== sharedMark) return brotliDecompressSync(value.B).toString()
  return inflateRawSync(value.B.subarray(1), { dictionary: packingDictionary }).toString()
}

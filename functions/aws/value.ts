/**
 * The text of a record or of evidence as an attribute: compressed if that saves a write unit, so that a finding costs
 * half, and a ring of 10,000 hosts fits into one item.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import * as z from 'zod'

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

/** The text as it is while it is short, else compressed. */
export const packedValue = (text: string): Value =>
  text.length < packedFrom ? { S: text } : { B: brotliCompressSync(text, packing(text.length)) }

export const storedText = (value: Value): string => ('S' in value ? value.S : brotliDecompressSync(value.B).toString())

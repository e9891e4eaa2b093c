/**
 * The text of a record as an attribute: compressed if long, so that a plan or a ring of 10,000 hosts fits into one
 * item.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import * as z from 'zod'

/** Shorter texts stay uncompressed, readable in the table. */
const packedFrom = 30_000
/** Quality and window at which Brotli matches the second mention of 10,000 host ids in a plan, in about 20 ms. */
const packing = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 22 } }

export const Value = z.union([
  z.object({ S: z.string() }),
  z.object({ B: z.custom<Uint8Array>((bytes) => bytes instanceof Uint8Array) }),
])
export type Value = z.infer<typeof Value>

/** The text as it is while it is short, else compressed. */
export const packedValue = (text: string): Value =>
  text.length < packedFrom ? { S: text } : { B: brotliCompressSync(text, packing) }

export const storedText = (value: Value): string => ('S' in value ? value.S : brotliDecompressSync(value.B).toString())

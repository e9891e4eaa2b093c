/** JSON values and their one canonical form, in which equal values have equal bytes. */
import canonicalize from 'canonicalize'
import { DrydockError } from './errors.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * The canonical text of a value.
 *
 * @throws DrydockError DD1001 when the value has no JSON form (undefined, NaN, a cycle, half a surrogate pair).
 * @see RFC 8785 JSON Canonicalization Scheme
 */
export function canonicalJson(value: unknown): string {
  const text = jsonText(value)
  if (text === undefined) throw new DrydockError('DD1001', `a value of type ${typeof value} has no JSON form`)
  return text
}

function jsonText(value: unknown): string | undefined {
  try {
    return canonicalize(value)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DrydockError('DD1001', `a value of type ${typeof value} has no JSON form: ${reason}`, { cause })
  }
}

/** What every log line says about its subject, and what it must never contain. */

/** The ids by which people follow one finding or change through the logs of all functions. */
const forms: Readonly<Record<string, RegExp>> = {
  changeId: /^[0-9A-HJKMNP-TV-Z]{26}$/,
  findingId: /^F[0-9a-f]{25}$/,
  ring: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
  feed: /^[a-z]{1,32}$/,
}

/** The well-formed ids in an input: a log line never carries outside text as an id. */
export function idsIn(input: unknown): Readonly<Record<string, string>> {
  if (typeof input !== 'object' || input === null) return {}
  return Object.fromEntries(
    Object.entries(forms).flatMap(([name, form]) => {
      const value: unknown = Object.hasOwn(input, name) ? Reflect.get(input, name) : undefined
      return typeof value === 'string' && form.test(value) ? [[name, value]] : []
    }),
  )
}

/** The ids in a queue message's JSON body; none if it is not JSON. */
export function idsInBody(body: string): Readonly<Record<string, string>> {
  try {
    return idsIn(JSON.parse(body))
  } catch {
    return {}
  }
}

const secretNames =
  /^(?:task[-_]?token|token|secret|link[-_]?secret|password|authorization|cookie|set-cookie|mac|x-amz-security-token)$/i
/** A vote's code: eight characters of Crockford's alphabet; not to be confused with an error code. */
const voteCode = /^[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}$/
/** `<link id>.<secret>` behind the hash of an approval address. */
const linkSecret = /(#[0-9A-HJKMNP-TV-Z]{26})\.[A-Za-z0-9_-]{8,}/g
const hidden = '[secret]'

/** Redacts secrets by name or form (I14). A replacer for JSON.stringify. */
export function withoutSecrets(key: string, value: unknown): unknown {
  if (value === undefined || value === null) return value
  if (secretNames.test(key)) return hidden
  if (typeof value !== 'string') return value
  if (key === 'code' && voteCode.test(value)) return hidden
  return value.includes('#') ? value.replaceAll(linkSecret, `$1.${hidden}`) : value
}

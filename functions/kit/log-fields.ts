/** What every log line says of its subject, and what no log line may say. */

/** The ids by which a person follows one finding or change through the logs of every function. */
const forms: Readonly<Record<string, RegExp>> = {
  changeId: /^[0-9A-HJKMNP-TV-Z]{26}$/,
  findingId: /^F[0-9a-f]{25}$/,
  ring: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
  feed: /^[a-z]{1,32}$/,
}

/** The ids in an input, where they have the form of one: a log line carries no text from outside as an id. */
export function idsIn(input: unknown): Readonly<Record<string, string>> {
  if (typeof input !== 'object' || input === null) return {}
  return Object.fromEntries(
    Object.entries(forms).flatMap(([name, form]) => {
      const value: unknown = Object.hasOwn(input, name) ? Reflect.get(input, name) : undefined
      return typeof value === 'string' && form.test(value) ? [[name, value]] : []
    }),
  )
}

/** The ids in the JSON body of a queue's message; none where it is no JSON. */
export function idsInBody(body: string): Readonly<Record<string, string>> {
  try {
    return idsIn(JSON.parse(body))
  } catch {
    return {}
  }
}

const secretNames =
  /^(?:task[-_]?token|token|secret|link[-_]?secret|password|authorization|cookie|set-cookie|mac|x-amz-security-token)$/i
/** A vote's code: eight characters of Crockford's alphabet; an error's code is something else. */
const voteCode = /^[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}$/
/** `<link id>.<secret>` behind the hash of an approval address. */
const linkSecret = /(#[0-9A-HJKMNP-TV-Z]{26})\.[A-Za-z0-9_-]{8,}/g
const hidden = '[secret]'

/** Hides what only its holder may know, by its name or its form (I14). A replacer of JSON.stringify. */
export function withoutSecrets(key: string, value: unknown): unknown {
  if (value === undefined || value === null) return value
  if (secretNames.test(key)) return hidden
  if (typeof value !== 'string') return value
  if (key === 'code' && voteCode.test(value)) return hidden
  return value.includes('#') ? value.replaceAll(linkSecret, `$1.${hidden}`) : value
}

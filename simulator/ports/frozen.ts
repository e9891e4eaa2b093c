/** Values that many readers share: copied as JSON would copy them, and frozen, so that whoever writes into one is found at once. */
import { byKey } from '../../functions/kit/by-text.ts'
import { DrydockError } from '../../functions/kit/errors.ts'
import type { Json } from '../../functions/kit/json.ts'

/**
 * The value as it would come back from JSON: absent members dropped, nothing shared with the original.
 *
 * @throws DrydockError DD1001 for what has no JSON form: NaN, half a surrogate pair, a function, an object of a class.
 * @see RFC 8785, which refuses the same values.
 */
export function jsonCopy(value: unknown): Json {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return Object.is(value, -0) ? 0 : value
  if (typeof value === 'string' && value.isWellFormed()) return value
  if (Array.isArray(value)) return Object.freeze(value.map(jsonCopy))
  if (typeof value === 'object' && isPlain(value)) return Object.freeze(membersOf(value))
  throw new DrydockError('DD1001', `a value of type ${typeof value} has no JSON form: ${String(value)}`)
}

const isPlain = (value: object) => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** In the order of canonical JSON. `fromEntries` defines members: a key such as `__proto__` is one as any other. */
const membersOf = (value: object) =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(byKey)
      .map(([key, member]) => [key, jsonCopy(member)]),
  )

/** The value itself, frozen to its last member; maps and sets keep their contents open. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) frozen(member)
  return value
}

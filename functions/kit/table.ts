/** Objects as tables with keys from outside: a package, a zone or a host may be named `constructor`, and nobody may name one `__proto__`. */
import * as z from 'zod'

const hasNoPrototypeKey = (value: unknown): boolean => !Object.hasOwn(Object(value), '__proto__')

/**
 * The schema of a table. `z.record` drops the key `__proto__` in silence, and with it a host or a zone; this refuses it.
 *
 * @param key the grammar of the keys, where there is one.
 */
export const tableOf = <Key extends z.ZodType<string, string>, Value extends z.ZodType>(
  value: Value,
  key: Key | z.ZodString = z.string(),
) => z.unknown().refine(hasNoPrototypeKey, 'a table has no key "__proto__"').pipe(z.record(key, value))

/** The value that a table itself has under a key; never one that every object inherits, such as `toString`. */
export const ownValue = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

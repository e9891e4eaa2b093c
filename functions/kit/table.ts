/** Objects as tables with outside keys: a package, a zone or a host may be named `constructor`, but not `__proto__`. */
import * as z from 'zod'

const hasNoPrototypeKey = (value: unknown): boolean => !Object.hasOwn(Object(value), '__proto__')

/** Whether no object in a value, at any depth, has a key that `z.record` would drop in silence. */
export const keepsEveryKey = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (hasNoPrototypeKey(value) && Object.values(value).every(keepsEveryKey))

/**
 * The schema of a table. `z.record` silently drops the key `__proto__`, and with it a host or a zone; this refuses it.
 * @param key the grammar of the keys, if any.
 */
export const tableOf = <Key extends z.ZodType<string, string>, Value extends z.ZodType>(
  value: Value,
  key: Key | z.ZodString = z.string(),
) => z.unknown().refine(hasNoPrototypeKey, 'the key "__proto__" is not allowed').pipe(z.record(key, value))

/** The table's own value under a key; never an inherited one, such as `toString`. */
export const ownValue = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

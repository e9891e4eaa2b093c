/** The one order of texts: by UTF-16 code unit, the same in every locale, process and language that reads our JSON (RFC 8785, 3.2.3). */

/** A comparer for `sort`: negative, zero or positive. */
export const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** A comparer of values by one text of each. */
export const byTextOf =
  <Value>(textOf: (value: Value) => string) =>
  (left: Value, right: Value): number =>
    byText(textOf(left), textOf(right))

/** A comparer of entries of a map or an object by their key. */
export const byKey = (left: readonly [string, unknown], right: readonly [string, unknown]): number =>
  byText(left[0], right[0])

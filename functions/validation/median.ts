/** Medians. */

/** A median of at least one value. */
export function medianOf(values: readonly number[] | Float64Array): number {
  const sorted = new Float64Array(values).sort()
  const middle = sorted.length / 2
  const lower = sorted[Math.ceil(middle) - 1] ?? 0
  return Number.isInteger(middle) ? lower / 2 + (sorted[middle] ?? 0) / 2 : lower
}

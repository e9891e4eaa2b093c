/** Medians. */

/** A median of at least one value. */
export function medianOf(values: readonly number[] | Float64Array): number {
  const sorted = new Float64Array(values).sort()
  const middle = sorted.length / 2
  const lower = sorted[Math.ceil(middle) - 1] ?? 0
  return Number.isInteger(middle) ? lower / 2 + (sorted[middle] ?? 0) / 2 : lower
}

/** The lower of the two middle values where their number is even: always one of the values. */
export const lowerMedianOf = (values: Float64Array): number =>
  new Float64Array(values).sort()[Math.ceil(values.length / 2) - 1] ?? 0

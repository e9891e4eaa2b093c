/** Samples of one side put together: of sides that are one series each, or of which nobody knows whose samples they are. */
import type { Side } from './samples.ts'
import type { Series } from './series.ts'

/** Series of samples as one side. */
export function sideOf(rows: readonly Series[]): Side {
  const series = rows.filter(({ values }) => values.length > 0)
  const [first, ...others] = series
  return { series, sorted: first && others.length === 0 ? first.sorted : merged(series) }
}

function merged(series: readonly Series[]): Float64Array {
  const all = new Float64Array(series.reduce((sum, { values }) => sum + values.length, 0))
  let filled = 0
  for (const { values } of series) {
    all.set(values, filled)
    filled += values.length
  }
  return all.sort()
}

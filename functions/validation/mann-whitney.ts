/** The Mann-Whitney U test: whether one set of samples tends to be larger than another, without assuming a distribution. */
import { normalQuantile, normalTail } from './normal.ts'

/** U, its p and the effect of a Mann-Whitney test (Mann and Whitney 1947, ties as in SciPy's `mannwhitneyu`). */
export interface MannWhitney {
  /** Pairs in which the canary's sample is the larger one, ties counted half: 0 to `baseline * canary` pairs. */
  readonly u: number
  /** One-sided p value in the direction asked for; 1 where nothing can be told. */
  readonly p: number
  /** `p` as a standard normal deviate, larger is less likely: -Infinity where nothing can be told. */
  readonly z: number
  /** Cliff's delta: P(canary > baseline) - P(canary < baseline), -1 to 1. */
  readonly effect: number
  readonly method: 'exact' | 'normal' | 'constant' | 'no-data'
}

export type Alternative = 'greater' | 'less'

/** The exact distribution is used where the smaller side has at most this many samples and there are no ties, as SciPy does. */
export const exactSamplesMax = 8

/**
 * One-sided test that the canary's samples are `greater` (or `less`) than the baseline's. All samples are finite numbers.
 *
 * Exact without ties where a side has up to 8 samples; else the normal approximation with tie and continuity correction.
 * Equal to SciPy's `mannwhitneyu(canary, baseline, alternative)`, see test/fixtures/statistics.
 * Empty sides and pooled constants give p = 1.
 * @see Mann and Whitney 1947, Annals of Mathematical Statistics 18(1)
 */
export function mannWhitney(
  baseline: readonly number[],
  canary: readonly number[],
  alternative: Alternative,
): MannWhitney {
  return mannWhitneySorted(new Float64Array(baseline).sort(), new Float64Array(canary).sort(), alternative)
}

/** The same of samples that are sorted already, so that one sort serves several comparisons. */
export function mannWhitneySorted(baseline: Float64Array, canary: Float64Array, alternative: Alternative): MannWhitney {
  if (baseline.length === 0 || canary.length === 0)
    return { u: 0, p: 1, z: Number.NEGATIVE_INFINITY, effect: 0, method: 'no-data' }
  const pairs = baseline.length * canary.length
  const { u, tieTerm } = countPairs(baseline, canary)
  const effect = (2 * u) / pairs - 1
  const extreme = alternative === 'greater' ? u : pairs - u
  if (tieTerm === 0 && Math.min(baseline.length, canary.length) <= exactSamplesMax) {
    const p = exactTail(baseline.length, canary.length, extreme)
    return { u, p, z: normalQuantile(p), effect, method: 'exact' }
  }
  const variance = varianceOfU(baseline.length, canary.length, tieTerm)
  if (variance <= 0) return { u, p: 1, z: Number.NEGATIVE_INFINITY, effect, method: 'constant' }
  const z = (extreme - pairs / 2 - 0.5) / Math.sqrt(variance)
  return { u, p: Math.min(1, normalTail(z)), z, effect, method: 'normal' }
}

/** The variance of U where the two sides do not differ; `tieTerm` is the sum of t^3 - t over groups of t tied samples. */
export function varianceOfU(baselineCount: number, canaryCount: number, tieTerm = 0): number {
  const count = baselineCount + canaryCount
  return ((baselineCount * canaryCount) / 12) * (count + 1 - tieTerm / (count * (count - 1)))
}

/** The smallest p that samples of these sizes can give: under it no difference, however large, would be seen. */
export function smallestP(baselineCount: number, canaryCount: number): number {
  return baselineCount === 0 || canaryCount === 0 ? 1 : 1 / arrangements(baselineCount, canaryCount)
}

/** Ways to tell `left` from `right` samples in a row of both: the binomial coefficient. */
function arrangements(left: number, right: number): number {
  const [few, many] = left < right ? [left, right] : [right, left]
  let ways = 1
  for (let step = 1; step <= few; step++) ways *= (many + step) / step
  return ways
}

/** U by merging two sorted sides: for each canary sample the baseline samples below it, and half of its equals. */
function countPairs(baseline: Float64Array, canary: Float64Array): { u: number; tieTerm: number } {
  let u = 0
  let tieTerm = tiesWithin(baseline) + tiesWithin(canary)
  let below = 0
  for (let next = 0; next < canary.length; ) {
    const value = canary[next] ?? 0
    while (below < baseline.length && (baseline[below] ?? 0) < value) below++
    if (below < baseline.length && baseline[below] === value) {
      const others = equalsFrom(baseline, below, value)
      const canaries = equalsFrom(canary, next, value)
      u += canaries * (below + others / 2)
      tieTerm += tieOf(canaries + others) - tieOf(canaries) - tieOf(others)
      next += canaries
      below += others
    } else {
      u += below
      next++
    }
  }
  return { u, tieTerm }
}

const tieOf = (count: number) => count * count * count - count

function tiesWithin(sorted: Float64Array): number {
  let term = 0
  let run = 1
  for (let index = 1; index < sorted.length; index++) {
    if (sorted[index] === sorted[index - 1]) {
      run++
    } else if (run > 1) {
      term += tieOf(run)
      run = 1
    }
  }
  return term + tieOf(run)
}

function equalsFrom(sorted: Float64Array, start: number, value: number): number {
  let end = start
  while (end < sorted.length && sorted[end] === value) end++
  return end - start
}

/**
 * P(U >= u) over all arrangements of two samples without ties, from the nearer end of the distribution, which is symmetric:
 * small counts are never the difference of large ones.
 */
function exactTail(baselineCount: number, canaryCount: number, u: number): number {
  const pairs = baselineCount * canaryCount
  const total = arrangements(baselineCount, canaryCount)
  const upTo = (last: number) => lowerCounts(baselineCount, canaryCount, last).reduce((sum, count) => sum + count, 0)
  return u > pairs / 2 ? upTo(pairs - u) / total : 1 - upTo(u - 1) / total
}

/** Arrangements with U = 0, 1, ... `last`: the Gaussian binomial, adding one sample of the smaller side at a time. */
function lowerCounts(left: number, right: number, last: number): Float64Array {
  const [few, many] = left < right ? [left, right] : [right, left]
  const counts = new Float64Array(last + 1)
  if (last >= 0) counts[0] = 1
  for (let step = 1; step <= few; step++) {
    for (let index = last; index >= many + step; index--)
      counts[index] = (counts[index] ?? 0) - (counts[index - many - step] ?? 0)
    for (let index = step; index <= last; index++) counts[index] = (counts[index] ?? 0) + (counts[index - step] ?? 0)
  }
  return counts
}

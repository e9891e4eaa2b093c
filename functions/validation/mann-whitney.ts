/** The Mann-Whitney U test: whether one set of samples tends to be larger than another, without assuming a distribution. */
import { normalTail } from './normal.ts'

export interface MannWhitney {
  /** Pairs in which the canary's sample is the larger one, ties counted half: 0 to `baseline * canary` pairs. */
  readonly u: number
  /** One-sided p value in the direction asked for; 1 where nothing can be told. */
  readonly p: number
  /** Cliff's delta: P(canary > baseline) - P(canary < baseline), -1 to 1. */
  readonly effect: number
  readonly method: 'exact' | 'normal' | 'constant' | 'no-data'
}

/** Samples a side up to which the exact distribution is used, where there are no ties. */
export const exactSamplesMax = 20

/**
 * One-sided test that the canary's samples are `greater` (or `less`) than the baseline's.
 *
 * Exact without ties up to 20 samples a side; else the normal approximation with tie and continuity correction.
 * Equal to SciPy's `mannwhitneyu(canary, baseline)`, see test/fixtures/statistics. Empty sides and pooled constants give p = 1.
 * @see Mann and Whitney 1947, Annals of Mathematical Statistics 18(1)
 */
export function mannWhitney(
  baseline: readonly number[],
  canary: readonly number[],
  alternative: 'greater' | 'less',
): MannWhitney {
  if (baseline.length === 0 || canary.length === 0) return { u: 0, p: 1, effect: 0, method: 'no-data' }
  const pairs = baseline.length * canary.length
  const { rankSum, tieTerm } = rankCanary(baseline, canary)
  const u = rankSum - (canary.length * (canary.length + 1)) / 2
  const effect = (2 * u) / pairs - 1
  const extreme = alternative === 'greater' ? u : pairs - u
  const hasTies = tieTerm > 0
  if (!hasTies && baseline.length <= exactSamplesMax && canary.length <= exactSamplesMax)
    return { u, p: exactTail(baseline.length, canary.length, extreme), effect, method: 'exact' }
  const count = baseline.length + canary.length
  const variance = (pairs / 12) * (count + 1 - tieTerm / (count * (count - 1)))
  if (variance <= 0) return { u, p: 1, effect, method: 'constant' }
  const z = (extreme - pairs / 2 - 0.5) / Math.sqrt(variance)
  return { u, p: Math.min(1, normalTail(z)), effect, method: 'normal' }
}

/** The smallest p that samples of these sizes can give: under it no difference, however large, would be seen. */
export function smallestP(baselineCount: number, canaryCount: number): number {
  if (baselineCount === 0 || canaryCount === 0) return 1
  let arrangements = 1
  for (let step = 1; step <= canaryCount; step++) arrangements *= (baselineCount + step) / step
  return 1 / arrangements
}

/** The canary's mid-ranks summed, and the sum of t^3 - t over every group of t tied samples. */
function rankCanary(baseline: readonly number[], canary: readonly number[]): { rankSum: number; tieTerm: number } {
  const pooled = [
    ...baseline.map((value) => ({ value, isCanary: false })),
    ...canary.map((value) => ({ value, isCanary: true })),
  ].sort((left, right) => left.value - right.value)
  let rankSum = 0
  let tieTerm = 0
  for (let start = 0; start < pooled.length; ) {
    let end = start
    let canaries = 0
    for (; end < pooled.length && pooled[end]?.value === pooled[start]?.value; end++)
      canaries += pooled[end]?.isCanary ? 1 : 0
    const tied = end - start
    rankSum += canaries * ((start + 1 + end) / 2)
    tieTerm += tied ** 3 - tied
    start = end
  }
  return { rankSum, tieTerm }
}

/**
 * P(U >= u) over all arrangements of two samples without ties.
 *
 * Counts arrangements by adding one canary sample at a time (the Gaussian binomial); C(40, 20) fits a double exactly.
 */
function exactTail(baselineCount: number, canaryCount: number, u: number): number {
  const pairs = baselineCount * canaryCount
  let counts = [1]
  for (let step = 1; step <= canaryCount; step++) {
    const raised = Array.from({ length: pairs + 1 }, (_, index) => counts[index] ?? 0)
    for (let index = pairs; index >= baselineCount + step; index--)
      raised[index] = (raised[index] ?? 0) - (raised[index - baselineCount - step] ?? 0)
    for (let index = step; index <= pairs; index++) raised[index] = (raised[index] ?? 0) + (raised[index - step] ?? 0)
    counts = raised
  }
  const total = counts.reduce((sum, count) => sum + count, 0)
  const atLeast = counts.slice(Math.ceil(u)).reduce((sum, count) => sum + count, 0)
  return Math.min(1, atLeast / total)
}

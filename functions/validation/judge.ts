/** Judges a canary: each metric of patched hosts against unpatched peers and against the same hosts before the patch. */
import { type MannWhitney, mannWhitney, smallestP } from './mann-whitney.ts'
import { alphaOfLook, holmThresholds } from './multiplicity.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive'

export interface MetricSamples {
  readonly name: string
  readonly higherIsWorse: boolean
  /** Samples of patched hosts since the patch. */
  readonly canary: readonly number[]
  /** Samples of unpatched hosts of the same service in the same time; absent: no such host is left (last ring). */
  readonly baseline?: readonly number[]
  /** Samples of the patched hosts before the patch. */
  readonly history?: readonly number[]
}

export interface JudgeInput {
  /** Probability that a healthy patch fails, over all looks and metrics. */
  readonly alpha: number
  readonly looksMax: number
  /** 1 for the first look. */
  readonly look: number
  /** Fewest samples a side before a metric may be judged. */
  readonly samplesMin: number
  /** Cliff's delta in the worse direction from which a difference matters. */
  readonly effectMin: number
  readonly metrics: readonly MetricSamples[]
}

export interface MetricVerdict {
  readonly name: string
  readonly verdict: Verdict
  /** The larger p of the comparisons made; 1 where none was possible. */
  readonly p: number
  /** Cliff's delta in the worse direction, the smaller of the comparisons made; positive is worse. */
  readonly effect: number
  readonly samples: { readonly canary: number; readonly baseline: number; readonly history: number }
  /** The arithmetic in words. */
  readonly because: string
}

export interface Judgement {
  readonly verdict: Verdict
  /** Error rate that this look may spend. */
  readonly alphaSpent: number
  readonly metrics: readonly MetricVerdict[]
  readonly reasons: readonly string[]
}

/**
 * Cliff's delta from which a difference is called medium: a patched sample is the worse one in two of three pairs.
 *
 * @see Romano et al. 2006, "Appropriate statistics for ordinal level data"
 */
export const mediumEffect = 0.33

interface Comparison {
  readonly against: string
  readonly test: MannWhitney
  readonly effect: number
  readonly others: readonly number[]
}

interface Examined {
  readonly metric: MetricSamples
  readonly canary: readonly number[]
  readonly comparisons: readonly Comparison[]
  /** Why no verdict is possible. */
  readonly lacking?: string
}

/**
 * The verdict of one look.
 *
 * fail: a metric is significantly worse and by a medium effect, against peers and, where known, against its own past.
 * pass: only at the last look, with enough samples of every metric and none worse. Else inconclusive: no data is never a pass (F37).
 */
export function judgeCanary(input: JudgeInput): Judgement {
  const alphaSpent = alphaOfLook(input.alpha, input.look, input.looksMax)
  const examined = input.metrics.map((metric) => examine(metric, input, alphaSpent))
  const judgeable = examined.filter((entry) => entry.lacking === undefined)
  const thresholds = holmThresholds(judgeable.map(largestP), alphaSpent)
  const metrics = examined.map((entry) => verdictOf(entry, thresholds[judgeable.indexOf(entry)] ?? 0, input.effectMin))
  return { ...overall(metrics, input), alphaSpent, metrics }
}

const largestP = ({ comparisons }: Examined) => comparisons.reduce((largest, { test }) => Math.max(largest, test.p), 0)
const smallestEffect = ({ comparisons }: Examined) =>
  comparisons.reduce((smallest, { effect }) => Math.min(smallest, effect), 1)
const usable = (samples: readonly number[] | undefined) => (samples ?? []).filter((value) => Number.isFinite(value))

function examine(metric: MetricSamples, { samplesMin, metrics }: JudgeInput, alphaSpent: number): Examined {
  const canary = usable(metric.canary)
  const sides = [
    { against: 'unpatched peers', others: usable(metric.baseline), isAsked: metric.baseline !== undefined },
    { against: 'their own past', others: usable(metric.history), isAsked: metric.history !== undefined },
  ]
  const comparisons = sides
    .filter((side) => side.isAsked && side.others.length >= samplesMin)
    .map(({ against, others }) => compare(metric, canary, others, against))
  const lacking = whatLacks({ metric, canary, comparisons, samplesMin, alphaOfMetric: alphaSpent / metrics.length })
  return { metric, canary, comparisons, ...(lacking === undefined ? {} : { lacking }) }
}

function compare(
  metric: MetricSamples,
  canary: readonly number[],
  others: readonly number[],
  against: string,
): Comparison {
  const test = mannWhitney(others, canary, metric.higherIsWorse ? 'greater' : 'less')
  return { against, others, test, effect: metric.higherIsWorse ? test.effect : -test.effect }
}

function whatLacks(facts: {
  readonly metric: MetricSamples
  readonly canary: readonly number[]
  readonly comparisons: readonly Comparison[]
  readonly samplesMin: number
  readonly alphaOfMetric: number
}): string | undefined {
  const { metric, canary, comparisons, samplesMin, alphaOfMetric } = facts
  if (canary.length < samplesMin) return `${canary.length} samples of patched hosts, ${samplesMin} needed`
  const peers = usable(metric.baseline).length
  if (metric.baseline !== undefined && peers < samplesMin)
    return `${peers} samples of unpatched peers, ${samplesMin} needed`
  if (comparisons.length === 0)
    return `nothing to compare with: no unpatched peer, and ${usable(metric.history).length} samples of their own past, ${samplesMin} needed`
  const best = Math.max(...comparisons.map(({ others }) => smallestP(others.length, canary.length)))
  if (best > alphaOfMetric)
    return `so few samples cannot show any difference: smallest possible p ${number(best)}, needed ${number(alphaOfMetric)}`
  return undefined
}

function verdictOf(entry: Examined, threshold: number, effectMin: number): MetricVerdict {
  const { metric, canary, lacking } = entry
  const samples = {
    canary: canary.length,
    baseline: usable(metric.baseline).length,
    history: usable(metric.history).length,
  }
  if (lacking !== undefined)
    return {
      name: metric.name,
      verdict: 'inconclusive',
      p: 1,
      effect: 0,
      samples,
      because: `${metric.name}: ${lacking}`,
    }
  const p = largestP(entry)
  const effect = smallestEffect(entry)
  const verdict = p <= threshold && effect >= effectMin ? 'fail' : 'pass'
  return { name: metric.name, verdict, p, effect, samples, because: arithmetic(entry, threshold, effectMin, verdict) }
}

function arithmetic({ metric, canary, comparisons }: Examined, threshold: number, effectMin: number, verdict: Verdict) {
  const parts = comparisons.map(
    ({ against, others, test, effect }) =>
      `against ${others.length} of ${against} (median ${number(median(others))}) U ${number(test.u)}, p ${number(test.p)}, effect ${number(effect)}`,
  )
  const limits = `worse needs p <= ${number(threshold)} and effect >= ${number(effectMin)}`
  return `${metric.name}: ${canary.length} samples (median ${number(median(canary))}) ${parts.join('; ')}; ${limits}: ${verdict === 'fail' ? 'worse' : 'not worse'}`
}

function overall(
  metrics: readonly MetricVerdict[],
  { look, looksMax }: JudgeInput,
): Pick<Judgement, 'verdict' | 'reasons'> {
  const failed = metrics.filter((metric) => metric.verdict === 'fail')
  if (failed.length > 0) return { verdict: 'fail', reasons: failed.map((metric) => metric.because) }
  if (metrics.length === 0)
    return { verdict: 'inconclusive', reasons: ['no metric is declared, so nothing can be judged'] }
  const lacking = metrics.filter((metric) => metric.verdict === 'inconclusive')
  if (lacking.length > 0) return { verdict: 'inconclusive', reasons: lacking.map((metric) => metric.because) }
  const reasons = metrics.map((metric) => metric.because)
  if (look < looksMax)
    return { verdict: 'inconclusive', reasons: [`look ${look} of ${looksMax}: no metric is worse so far`, ...reasons] }
  return { verdict: 'pass', reasons }
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((left, right) => left - right)
  const middle = sorted.length / 2
  const lower = sorted[Math.ceil(middle) - 1] ?? 0
  return Number.isInteger(middle) ? (lower + (sorted[middle] ?? 0)) / 2 : lower
}

const number = (value: number) => String(Number(value.toPrecision(3)))

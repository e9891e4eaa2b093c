/** Judges a canary: each metric of patched hosts against unpatched peers and against the same hosts before the patch. */
import { cautiousAutocorrelation } from './autocorrelation.ts'
import { alphaSpentBy, boundaryP } from './boundary.ts'
import { type Comparison, compareSides } from './compare.ts'
import { holmThresholds } from './multiplicity.ts'
import { type JudgeProblem, readSide, type Samples } from './samples.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive'

export interface MetricSamples {
  readonly name: string
  readonly higherIsWorse: boolean
  /** Samples of patched hosts since the patch. */
  readonly canary: Samples
  /** Samples of unpatched hosts of the same service in the same time; absent: no such host is left (last ring). */
  readonly baseline?: Samples | undefined
  /** Samples of the patched hosts before the patch. */
  readonly history?: Samples | undefined
}

export interface JudgeInput {
  /** Probability that a healthy patch fails, over all looks and metrics. */
  readonly alpha: number
  /** Looks planned in all, equally far apart. */
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
  /** p of the plain U test, of the comparison that `pAdjusted` is of; 1 where none was possible. */
  readonly p: number
  /** The largest p of the comparisons made, autocorrelation allowed for: this is held against the threshold. */
  readonly pAdjusted: number
  /** Cliff's delta in the worse direction, the smaller of the comparisons made; positive is worse. */
  readonly effect: number
  readonly samples: { readonly canary: number; readonly baseline: number; readonly history: number }
  /** The p that this look and this metric must not exceed to be worse; 0 where Holm's procedure stopped before. */
  readonly threshold: number
  /** From one sample to the next, on the cautious side. */
  readonly autocorrelation: number
  readonly comparisons: readonly Comparison[]
  /** The arithmetic in words. */
  readonly because: string
}

export interface Judgement {
  readonly verdict: Verdict
  /** Error rate that looks up to this one may spend. */
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

/** Samples a side before a metric may be judged, where nobody says otherwise. */
export const usualSamplesMin = 10

/** Judges a problem from a file. */
export const judgeProblem = ({ alpha, looks, look, samplesMin, effectMin, metrics }: JudgeProblem): Judgement =>
  judgeCanary({
    alpha,
    looksMax: looks,
    look: look ?? looks,
    samplesMin: samplesMin ?? usualSamplesMin,
    effectMin: effectMin ?? mediumEffect,
    metrics,
  })

interface Examined {
  readonly metric: MetricSamples
  readonly samples: MetricVerdict['samples']
  readonly autocorrelation: number
  readonly comparisons: readonly Comparison[]
  /** The first look at which this metric had samples enough, if they came evenly. */
  readonly firstLook: number
  /** Why no verdict is possible. */
  readonly lacking?: string
}

/**
 * The verdict of one look; docs/guides/canary-judge.md explains it.
 *
 * fail: a metric is significantly worse, and perhaps by a medium effect, than peers and, where known, than its own past.
 * pass: only at the last look, with enough samples of every metric and none worse. Else inconclusive: no data is never a pass (F37).
 * A caller that judges often may pass a `findBoundary` that remembers.
 */
export function judgeCanary(input: JudgeInput, findBoundary = boundaryP): Judgement {
  const { alpha, look, looksMax } = input
  const thresholdOf = boundaries(look, looksMax, findBoundary)
  const count = input.metrics.length
  const examined = input.metrics.map((metric) => examine(metric, input, thresholdOf(alpha / count)))
  const judgeable = examined.filter((entry) => entry.lacking === undefined)
  const thresholds = holmThresholds(
    judgeable.map((entry) => ({ p: largestP(entry), thresholdAt: (share) => thresholdOf(share)(entry.firstLook) })),
    { alpha, count },
  )
  const metrics = examined.map((entry) => verdictOf(entry, thresholds[judgeable.indexOf(entry)] ?? 0, input.effectMin))
  return { ...overall(metrics, input), alphaSpent: alphaSpentBy(alpha, look, looksMax), metrics }
}

/** The boundary of this look by error rate and first look, each worked out once. */
function boundaries(look: number, looks: number, findBoundary: typeof boundaryP) {
  const known = new Map<string, number>()
  return (alpha: number) => (firstLook: number) => {
    const key = `${alpha} ${firstLook}`
    const p = known.get(key) ?? findBoundary({ alpha, looks, firstLook }, look)
    known.set(key, p)
    return p
  }
}

/** The comparison in which the patch looks best: it is worse only when it is worse in each. */
const mildest = ({ comparisons }: Examined) =>
  comparisons.reduce<Comparison | undefined>(
    (best, one) => (best === undefined || one.pAdjusted > best.pAdjusted ? one : best),
    undefined,
  )
const largestP = (entry: Examined) => mildest(entry)?.pAdjusted ?? 1
const smallestEffect = ({ comparisons }: Examined) =>
  comparisons.reduce((smallest, { effect }) => Math.min(smallest, effect), 1)

function examine(
  metric: MetricSamples,
  { samplesMin, look }: JudgeInput,
  thresholdAt: (firstLook: number) => number,
): Examined {
  const canary = readSide(metric.canary)
  const peers = readSide(metric.baseline)
  const past = readSide(metric.history)
  const { higherIsWorse } = metric
  const autocorrelation = cautiousAutocorrelation([...canary.series, ...peers.series, ...past.series])
  const comparisons = [
    { against: 'unpatched peers' as const, other: peers },
    { against: 'their own past' as const, other: past },
  ]
    .filter(({ other }) => canary.sorted.length > 0 && other.sorted.length >= samplesMin)
    .map((side) => compareSides({ ...side, canary, autocorrelation, higherIsWorse }))
  const samples = { canary: canary.sorted.length, baseline: peers.sorted.length, history: past.sorted.length }
  const firstLook = Math.min(look, Math.max(1, Math.ceil((samplesMin * look) / samples.canary)))
  const examined = { metric, samples, autocorrelation, comparisons, firstLook }
  const lacking = whatLacks(examined, samplesMin, thresholdAt(firstLook))
  return lacking === undefined ? examined : { ...examined, lacking }
}

function whatLacks(
  { metric, samples, comparisons, autocorrelation }: Examined,
  samplesMin: number,
  threshold: number,
): string | undefined {
  if (samples.canary < samplesMin) return `${samples.canary} samples of patched hosts, ${samplesMin} needed`
  if (metric.baseline !== undefined && samples.baseline < samplesMin)
    return `${samples.baseline} samples of unpatched peers, ${samplesMin} needed`
  if (comparisons.length === 0)
    return `nothing to compare with: no unpatched peer, and ${samples.history} samples of their own past, ${samplesMin} needed`
  const smallest = Math.max(...comparisons.map(({ smallestP }) => smallestP))
  if (smallest > threshold)
    return `so few samples cannot show any difference at an autocorrelation of ${number(autocorrelation)}: smallest possible p ${number(smallest)}, needed ${number(threshold)}`
  return undefined
}

function verdictOf(entry: Examined, threshold: number, effectMin: number): MetricVerdict {
  const { metric, samples, autocorrelation, comparisons, lacking } = entry
  const known = { name: metric.name, samples, threshold, autocorrelation, comparisons }
  if (lacking !== undefined)
    return { ...known, verdict: 'inconclusive', p: 1, pAdjusted: 1, effect: 0, because: `${metric.name}: ${lacking}` }
  const pAdjusted = largestP(entry)
  const mayMatter = comparisons.every(({ interval: [, high] }) => high >= effectMin)
  const verdict = pAdjusted <= threshold && mayMatter ? 'fail' : 'pass'
  const because = arithmetic(entry, threshold, effectMin, verdict)
  return { ...known, verdict, p: mildest(entry)?.test.p ?? 1, pAdjusted, effect: smallestEffect(entry), because }
}

function arithmetic(
  { metric, samples, comparisons }: Examined,
  threshold: number,
  effectMin: number,
  verdict: Verdict,
) {
  const parts = comparisons.map(
    ({ against, samples: count, medians, test, pAdjusted, effect, interval: [low, high], effective }) =>
      `against ${count} of ${against} (median ${number(medians.other)}) U ${number(test.u)}, p ${number(test.p)}, ` +
      `as ${number(effective.canary)} against ${number(effective.other)} independent samples ${number(pAdjusted)}, ` +
      `effect ${number(effect)} (${number(low)} to ${number(high)})`,
  )
  const seen = `${samples.canary} samples (median ${number(comparisons[0]?.medians.canary ?? 0)})`
  const limits = `worse needs p <= ${number(threshold)} and an effect that may be ${number(effectMin)}`
  return `${metric.name}: ${seen} ${parts.join('; ')}; ${limits}: ${verdict === 'fail' ? 'worse' : 'not worse'}`
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

const number = (value: number) => String(Number(value.toPrecision(3)))

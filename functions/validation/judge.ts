/** Judges a canary: each metric of patched hosts against unpatched peers and against the same hosts before the patch. */
import { alphaSpentBy, boundaryP } from './boundary.ts'
import type { Comparison } from './compare.ts'
import { detectable, findableMax } from './detectable.ts'
import { type Doubt, doubtOf } from './doubt.ts'
import { hostsOf, type MetricHosts } from './hosts.ts'
import type { JudgeInput, MetricSamples } from './judge-input.ts'
import { type MetricTests, testMetric } from './metric-tests.ts'
import { holmThresholds } from './multiplicity.ts'
import type { JudgeProblem } from './samples.ts'
import { thresholdOf } from './shares.ts'
import { silenceOf } from './silence.ts'
import { arithmetic, notWorseSentence, number, type TriedTest, worseSentence } from './words.ts'

/** Pass, fail, or inconclusive, which holds. */
export type Verdict = 'pass' | 'fail' | 'inconclusive'

/** The verdict on one metric and the arithmetic behind it. */
export interface MetricVerdict {
  readonly name: string
  readonly verdict: Verdict
  /** p of the plain test, of the comparison that `pAdjusted` is of; 1 where none was possible. */
  readonly p: number
  /** p of the test that is nearest to its threshold, autocorrelation allowed for. */
  readonly pAdjusted: number
  /** Cliff's delta in the worse direction, the smaller of the comparisons made; positive is worse. */
  readonly effect: number
  readonly samples: { readonly canary: number; readonly baseline: number; readonly history: number }
  /** The p that this test must not exceed at this look to be worse. */
  readonly threshold: number
  /** From one sample to the next, on the cautious side. */
  readonly autocorrelation: number
  readonly comparisons: readonly Comparison[]
  /** Patched hosts that are worse each by itself, by their place in the input. */
  readonly worseHosts: readonly number[]
  /** More samples may still decide: a watch that can go on should. */
  readonly isTooEarly: boolean
  /** One plain sentence, then the arithmetic. */
  readonly because: string
}

/** The verdict over all metrics, with a plain sentence first. */
export interface Judgement {
  readonly verdict: Verdict
  /** Error rate that looks up to this one may spend. */
  readonly alphaSpent: number
  /** Inconclusive at the last planned look, but a look more may decide. */
  readonly isTooEarly: boolean
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
export const judgeProblem = ({ looks, look, samplesMin, effectMin, ...problem }: JudgeProblem): Judgement =>
  judgeCanary({
    ...problem,
    looksMax: looks,
    look: look ?? looks,
    samplesMin: samplesMin ?? usualSamplesMin,
    effectMin: effectMin ?? mediumEffect,
  })

interface Examined {
  readonly metric: MetricSamples
  readonly hosts: MetricHosts
  readonly samples: MetricVerdict['samples']
  /** Absent where there are too few samples to test anything. */
  readonly found?: MetricTests
  readonly tests: readonly TriedTest[]
  /** Why no pass is possible. */
  readonly lacking?: { readonly because: string; readonly isTooEarly: boolean }
}

/**
 * The verdict of one look; docs/guides/canary-judge.md explains it.
 *
 * fail: a metric is significantly worse, and perhaps by a medium effect, by any of its tests.
 * pass: from the last planned look on, with enough samples of every host and metric and none worse. Else inconclusive: no data is never a pass (F37).
 * A caller that judges often may pass a `findBoundary` that remembers.
 */
export function judgeCanary(input: JudgeInput, findBoundary = boundaryP): Judgement {
  const { alpha, look, looksMax, looksExtra = 0 } = input
  const count = input.metrics.length
  const known = remembered(findBoundary)
  const examined = input.metrics.map((metric) => examine(metric, input, known))
  const testable = examined.filter(({ tests }) => tests.length > 0)
  const errorRates = holmThresholds(
    testable.map((entry) => ({ p: (strainOf(entry) * alpha) / count, thresholdAt: (share) => share })),
    { alpha, count },
  )
  const metrics = examined.map((entry) => {
    const errorRate = errorRates[testable.indexOf(entry)] ?? 0
    return verdictOf(entry, input, (errorRate * count) / alpha)
  })
  const isTooEarly = metrics.some((metric) => metric.isTooEarly) && metrics.every((one) => mayStillPass(one))
  return {
    ...overall(metrics, input),
    alphaSpent: alphaSpentBy(alpha, look, looksMax + looksExtra),
    isTooEarly: look >= looksMax && isTooEarly,
    metrics,
  }
}

const mayStillPass = ({ verdict, isTooEarly }: MetricVerdict) => verdict === 'pass' || isTooEarly

/** The boundary by error rate and first look, each worked out once. */
function remembered(findBoundary: typeof boundaryP): typeof boundaryP {
  const known = new Map<string, number>()
  return (plan, look) => {
    const key = `${plan.alpha} ${plan.firstLook} ${look}`
    const p = known.get(key) ?? findBoundary(plan, look)
    known.set(key, p)
    return p
  }
}

/** How near the worst test is to its threshold; 1 and less is worse. */
const strainOf = ({ tests }: Examined) =>
  tests.reduce((least, { p, threshold, mayMatter }) => (mayMatter ? Math.min(least, strain(p, threshold)) : least), 1e9)
const strain = (p: number, threshold: number) => (threshold === 0 ? 1e9 : p / threshold)

function examine(metric: MetricSamples, input: JudgeInput, findBoundary: typeof boundaryP): Examined {
  const hosts = hostsOf(metric, input.look)
  const given = (all: MetricHosts['canary']) => all.reduce((sum, host) => sum + host.given, 0)
  const samples = {
    canary: given(hosts.canary),
    baseline: given(hosts.peers),
    history: hosts.pastSamples,
  }
  const known = { metric, hosts, samples, tests: [] }
  const missing = whatIsMissing(metric, samples, input.samplesMin)
  if (missing !== undefined) return { ...known, lacking: { because: missing, isTooEarly: true } }
  const found = testMetric(hosts, input.effectMin)
  const tests = found.tests.map((test) => ({ ...test, threshold: thresholdFor(test, known, input, findBoundary) }))
  const silence = silenceOf(metric, hosts, input)
  if (silence !== undefined) return { ...known, found, tests, lacking: { because: silence, isTooEarly: false } }
  const lacking = whatLacks(found, tests, { ...known, looksLeft: input.looksMax - input.look })
  return { ...known, found, tests, ...(lacking === undefined ? {} : { lacking }) }
}

function thresholdFor(
  test: Pick<TriedTest, 'name' | 'tries'>,
  { hosts, samples }: Pick<Examined, 'hosts' | 'samples'>,
  { alpha, metrics, look, looksMax, looksExtra = 0, samplesMin }: JudgeInput,
  findBoundary: typeof boundaryP,
): number {
  const looks = looksMax + looksExtra
  const firstLook = Math.min(look, Math.max(1, Math.ceil((samplesMin * look) / samples.canary)))
  const isByHost = hosts.isByHost && hosts.canary.length > 1
  return thresholdOf(test, { alpha: alpha / metrics.length, look, looks, firstLook, isByHost, findBoundary })
}

function whatIsMissing(
  metric: MetricSamples,
  samples: MetricVerdict['samples'],
  samplesMin: number,
): string | undefined {
  if (samples.canary < samplesMin) return `${samples.canary} samples of patched hosts, ${samplesMin} needed`
  if (metric.baseline !== undefined && samples.baseline < samplesMin)
    return `${samples.baseline} samples of unpatched peers, ${samplesMin} needed`
  if (metric.baseline === undefined && samples.history < samplesMin)
    return `nothing to compare with: no unpatched peer, and ${samples.history} samples of their own past, ${samplesMin} needed`
  return undefined
}

/** Why nothing found would say nothing. */
function whatLacks(
  { comparisons, views, autocorrelation }: MetricTests,
  tests: readonly TriedTest[],
  { hosts, looksLeft }: Pick<Examined, 'hosts'> & { readonly looksLeft: number },
): Examined['lacking'] {
  const level = tests.find(({ name }) => name === 'all hosts')
  if (level === undefined) {
    const because = 'one host a side and no past: nobody can tell a difference between hosts from one by the patch'
    return { because, isTooEarly: false }
  }
  const smallest = Math.max(...comparisons.map(({ smallestP }) => smallestP))
  if (smallest > level.threshold) {
    const because = `so few samples cannot show any difference at an autocorrelation of ${number(autocorrelation)}: smallest possible p ${number(smallest)}, needed ${number(level.threshold)}`
    return { because, isTooEarly: true }
  }
  if (looksLeft > 0 || comparisons.some(({ by }) => by !== 'hosts')) return undefined
  const { shift, hostsNeeded, samplesNeeded } = detectable(views, level.threshold)
  if (shift <= findableMax) return undefined
  const remedy =
    hostsNeeded === undefined ? 'a past of these hosts' : `a past of these hosts, or ${hostsNeeded} hosts a side,`
  const time =
    samplesNeeded === undefined ? 'more time does not help' : `${samplesNeeded} samples of each would find less`
  const because = `hosts differ so much that without a past only a shift of ${number(shift)} standard deviations of all ${hosts.canary.length} would be found; ${time}, ${remedy} would`
  return { because, isTooEarly: samplesNeeded !== undefined }
}

/** `leniency` is how much more than its even share of the error rate Holm's procedure grants the metric. */
function verdictOf(entry: Examined, input: JudgeInput, leniency: number): MetricVerdict {
  const { metric, hosts, samples, found, tests, lacking } = entry
  const worse = tests.filter(({ p, threshold, mayMatter }) => mayMatter && p <= threshold * leniency)
  const decisive = worse.find(({ name, hosts: each }) => each && name === 'some hosts') ?? worse[0]
  const nearest = decisive ?? nearestOf(tests)
  const comparisons = found?.comparisons ?? []
  const effect = comparisons.reduce((least, one) => Math.min(least, one.effect), 1)
  const known = {
    name: metric.name,
    samples,
    comparisons,
    autocorrelation: found?.autocorrelation ?? 0,
    p: plainP(comparisons),
    pAdjusted: nearest?.p ?? 1,
    threshold: nearest?.threshold ?? 0,
    effect: comparisons.length === 0 ? 0 : effect,
    worseHosts: (decisive?.hosts ?? []).filter(({ p }) => p <= (decisive?.threshold ?? 0)).map(({ index }) => index),
  }
  const math = arithmetic(comparisons, tests)
  if (decisive !== undefined) {
    const because = `${worseSentence(metric, hosts, decisive)}. Arithmetic: ${math}: worse`
    return { ...known, verdict: 'fail', isTooEarly: false, because }
  }
  if (lacking !== undefined)
    return {
      ...known,
      verdict: 'inconclusive',
      isTooEarly: lacking.isTooEarly,
      because: `${metric.name}: ${lacking.because}`,
    }
  const doubt = input.look >= input.looksMax ? doubtAbout(entry, input) : undefined
  return {
    ...known,
    verdict: doubt === undefined ? 'pass' : 'inconclusive',
    isTooEarly: doubt?.isTooEarly ?? false,
    because: `${doubt?.because ?? notWorseSentence(metric, hosts)}. Arithmetic: ${math}: not worse`,
  }
}

function doubtAbout({ metric, hosts, found, tests }: Examined, { metrics, effectMin }: JudgeInput): Doubt | undefined {
  if (found === undefined) return undefined
  const level = tests.find(({ name }) => name === 'all hosts')
  return doubtOf({
    metric,
    hosts,
    tests,
    comparisons: found.comparisons,
    metrics: metrics.length,
    effectMin,
    detectable: () => detectable(found.views, level?.threshold ?? 0),
  })
}

const nearestOf = (tests: readonly TriedTest[]) =>
  tests.reduce<TriedTest | undefined>(
    (best, one) => (best === undefined || strain(one.p, one.threshold) < strain(best.p, best.threshold) ? one : best),
    undefined,
  )

const plainP = (comparisons: readonly Comparison[]) =>
  comparisons.reduce((most, { p }) => Math.max(most, p), comparisons.length === 0 ? 1 : 0)

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

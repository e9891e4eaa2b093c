/** Compares the canary's samples of one metric with those of one other side, autocorrelation allowed for. */
import { effectiveCount } from './autocorrelation.ts'
import { effectInterval } from './effect-interval.ts'
import { exactSamplesMax, mannWhitneySorted, smallestP, varianceOfU } from './mann-whitney.ts'
import { normalQuantile, normalTail } from './normal.ts'
import type { Side } from './samples.ts'
import { binomialTail, exactTail } from './student.ts'

/** What came of one comparison of a canary with its peers or its own past. */
export interface Comparison {
  readonly against: 'unpatched peers' | 'their own past'
  /** Sample by sample (U test), host by host, or each host with itself. */
  readonly by: 'samples' | 'hosts' | 'hosts with themselves'
  /** Pairs in which the patched sample is the worse one, where samples are compared. */
  readonly u?: number
  /** The plain test, as if all samples were independent. */
  readonly p: number
  /** p with as many samples as are worth an independent one. */
  readonly pAdjusted: number
  /** The smallest such p that samples of these numbers could give, by complete separation. */
  readonly smallestP: number
  /** Cliff's delta in the worse direction, with its 95 % interval; positive is worse. Of rare events without ties. */
  readonly effect: number
  readonly interval: readonly [low: number, high: number]
  /** Samples of the other side. */
  readonly samples: number
  /** Independent samples that say as much as those of each side. */
  readonly effective: { readonly canary: number; readonly other: number }
}

/** Both sides have samples, of which larger ones are worse; `autocorrelation` is that of both. */
export function compareSides(facts: {
  readonly against: Comparison['against']
  readonly canary: Side
  readonly other: Side
  readonly autocorrelation: number
}): Comparison {
  const { against, canary, other, autocorrelation } = facts
  const test = mannWhitneySorted(other.sorted, canary.sorted, 'greater')
  const [canaryCount, otherCount] = [canary.sorted.length, other.sorted.length]
  const effective = { canary: worth(canary, autocorrelation), other: worth(other, autocorrelation) }
  const shrinkage = Math.sqrt((1 / canaryCount + 1 / otherCount) / (1 / effective.canary + 1 / effective.other))
  const rare = rareEvents(canary, other)
  const z = rare?.z ?? test.z * shrinkage
  const adjusted = rare && !rare.isCounts ? z * shrinkage : z
  const effect = rare?.effect ?? test.effect
  return {
    against,
    by: 'samples',
    u: test.u,
    p: test.p,
    pAdjusted: test.method === 'constant' ? 1 : normalTail(adjusted),
    smallestP: normalTail(largestZ(otherCount, canaryCount) * shrinkage),
    effect,
    interval: effectInterval(effect, effective.other, effective.canary),
    samples: otherCount,
    effective,
  }
}

const worth = ({ series, sorted }: Side, autocorrelation: number) =>
  effectiveCount(sorted.length, sorted.length / series.length, autocorrelation)

/** The z of complete separation, by the same rule as the test. */
const largestZ = (otherCount: number, canaryCount: number) =>
  Math.min(otherCount, canaryCount) <= exactSamplesMax
    ? normalQuantile(smallestP(otherCount, canaryCount))
    : ((otherCount * canaryCount) / 2 - 0.5) / Math.sqrt(varianceOfU(otherCount, canaryCount))

/** The test of events that stands for U, as a deviate and an effect. */
interface Rare {
  readonly z: number
  readonly effect: number
  /** Clusters of events are allowed for already. */
  readonly isCounts: boolean
}

/**
 * Where most samples of both sides equal the best value, the others are events, for the normal approximation of U is far
 * too sure of a few. Whole numbers are counted: of all events, how many fell to the canary (binomial), each cluster for
 * one. Of other values, the exact test of minutes with an event (Fisher).
 */
export function rareEvents(canary: Side, other: Side): Rare | undefined {
  const best = Math.min(canary.sorted[0] ?? 0, other.sorted[0] ?? 0)
  const [ours, theirs] = [eventsOf(canary.sorted, best), eventsOf(other.sorted, best)]
  const all = canary.sorted.length + other.sorted.length
  if (2 * (ours + theirs) >= all) return undefined
  const [here, there] = [ours / canary.sorted.length, theirs / other.sorted.length]
  const effect = here + there === 0 ? 0 : (here - there) / (here + there)
  if (best === 0 && [canary, other].every(({ sorted }) => sorted.every(Number.isSafeInteger)))
    return { z: normalQuantile(countsP(canary, other)), effect, isCounts: true }
  const { p } = exactTail({ all, marked: ours + theirs, drawn: canary.sorted.length, seen: ours })
  return { z: normalQuantile(p), effect, isCounts: false }
}

function eventsOf(sorted: Float64Array, best: number): number {
  let at = 0
  while (at < sorted.length && sorted[at] === best) at++
  return sorted.length - at
}

/** Samples whose events are taken together to see how they cluster. */
const clusterSamples = 4

/** One-sided p that more events fell to the canary than its share of samples, whole numbers counted. */
function countsP(canary: Side, other: Side): number {
  const [ours, theirs] = [countsOf(canary), countsOf(other)]
  const [own, total] = [ours.events, ours.events + theirs.events]
  if (own === 0) return 1
  const freedom = ours.freedom + theirs.freedom
  const cluster = freedom < 1 ? 1 : Math.max(1, (ours.chi + theirs.chi) / freedom)
  const share = canary.sorted.length / (canary.sorted.length + other.sorted.length)
  return binomialTail(total / cluster, share, own / cluster)
}

interface Counts {
  readonly events: number
  /** By how much sums of a few samples scatter more than those of single events, over `freedom`. */
  readonly chi: number
  readonly freedom: number
}

/** Events of a side, each series held against its own rate. */
function countsOf({ series }: Side): Counts {
  let [events, chi, freedom] = [0, 0, 0]
  for (const { values } of series) {
    const sums: number[] = []
    for (let start = 0; start < values.length; start += clusterSamples)
      sums.push(values.subarray(start, start + clusterSamples).reduce((sum, value) => sum + value, 0))
    const own = sums.reduce((sum, value) => sum + value, 0)
    if (own === 0) continue
    const mean = own / sums.length
    events += own
    chi += sums.reduce((sum, value) => sum + (value - mean) ** 2 / mean, 0)
    freedom += sums.length - 1
  }
  return { events, chi, freedom }
}

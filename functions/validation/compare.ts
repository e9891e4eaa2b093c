/** Compares the canary's samples of one metric with those of one other side, autocorrelation allowed for. */
import { effectiveCount } from './autocorrelation.ts'
import { effectInterval } from './effect-interval.ts'
import { exactSamplesMax, type MannWhitney, mannWhitneySorted, smallestP, varianceOfU } from './mann-whitney.ts'
import { normalQuantile, normalTail } from './normal.ts'
import type { Side } from './samples.ts'

export interface Comparison {
  readonly against: 'unpatched peers' | 'their own past'
  /** The plain U test, as if all samples were independent. */
  readonly test: MannWhitney
  /** p with as many samples as are worth an independent one. */
  readonly pAdjusted: number
  /** The smallest such p that samples of these numbers could give, by complete separation. */
  readonly smallestP: number
  /** Cliff's delta in the worse direction, with its 95 % interval; positive is worse. */
  readonly effect: number
  readonly interval: readonly [low: number, high: number]
  /** Samples of the other side. */
  readonly samples: number
  /** Independent samples that say as much as those of each side. */
  readonly effective: { readonly canary: number; readonly other: number }
  readonly medians: { readonly canary: number; readonly other: number }
}

/** Both sides have samples; `autocorrelation` is that of both. */
export function compareSides(facts: {
  readonly against: Comparison['against']
  readonly canary: Side
  readonly other: Side
  readonly autocorrelation: number
  readonly higherIsWorse: boolean
}): Comparison {
  const { against, canary, other, autocorrelation, higherIsWorse } = facts
  const test = mannWhitneySorted(other.sorted, canary.sorted, higherIsWorse ? 'greater' : 'less')
  const [canaryCount, otherCount] = [canary.sorted.length, other.sorted.length]
  const effective = { canary: worth(canary, autocorrelation), other: worth(other, autocorrelation) }
  const shrinkage = Math.sqrt((1 / canaryCount + 1 / otherCount) / (1 / effective.canary + 1 / effective.other))
  const effect = higherIsWorse ? test.effect : -test.effect
  return {
    against,
    test,
    pAdjusted: test.method === 'constant' ? 1 : normalTail(test.z * shrinkage),
    smallestP: normalTail(largestZ(otherCount, canaryCount) * shrinkage),
    effect,
    interval: effectInterval(effect, effective.other, effective.canary),
    samples: otherCount,
    effective,
    medians: { canary: median(canary.sorted), other: median(other.sorted) },
  }
}

const worth = ({ series, sorted }: Side, autocorrelation: number) =>
  effectiveCount(sorted.length, sorted.length / series.length, autocorrelation)

/** The z of complete separation, by the same rule as the test. */
const largestZ = (otherCount: number, canaryCount: number) =>
  Math.min(otherCount, canaryCount) <= exactSamplesMax
    ? normalQuantile(smallestP(otherCount, canaryCount))
    : ((otherCount * canaryCount) / 2 - 0.5) / Math.sqrt(varianceOfU(otherCount, canaryCount))

function median(sorted: Float64Array): number {
  const middle = sorted.length / 2
  const lower = sorted[Math.ceil(middle) - 1] ?? 0
  return Number.isInteger(middle) ? (lower + (sorted[middle] ?? 0)) / 2 : lower
}

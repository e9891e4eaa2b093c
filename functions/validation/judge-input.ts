/** What a judge is asked: the question of one look, and the samples of each metric. */
import type { Samples } from './samples.ts'

/** The samples of one metric on the canary, on its peers and in its past. */
export interface MetricSamples {
  readonly name: string
  readonly higherIsWorse: boolean
  /** What a missing sample means: nothing is known, or the metric exists only when something happens. */
  readonly missing?: 'unknown' | 'zero' | undefined
  /** Samples of patched hosts since the patch. */
  readonly canary: Samples
  /** Samples of unpatched hosts of the same service in the same time; absent: no such host is left (last ring). */
  readonly baseline?: Samples | undefined
  /** Samples of the patched hosts before the patch, in the order of `canary`. */
  readonly history?: Samples | undefined
  /** Samples of the unpatched hosts before the patch, in the order of `baseline`. */
  readonly baselineHistory?: Samples | undefined
  /** Names of the patched hosts, in the order of `canary`, for the words of the verdict. */
  readonly hostIds?: readonly string[] | undefined
}

/** What is judged: every metric's samples, which look it is, and how strictly. */
export interface JudgeInput {
  /** Probability that a healthy patch fails, over all looks, metrics, hosts and tests. */
  readonly alpha: number
  /** Looks planned in all, equally far apart. */
  readonly looksMax: number
  /** Looks that may follow the planned ones when the last came too early; 0 if absent. */
  readonly looksExtra?: number | undefined
  /** 1 for the first look. */
  readonly look: number
  /** Fewest samples a side before a metric may be judged. */
  readonly samplesMin: number
  /** Cliff's delta in the worse direction from which a difference matters. */
  readonly effectMin: number
  /** Share of the samples there ought to be that each patched host must give; 0.8 if absent. */
  readonly sampleShareMin?: number | undefined
  /** Periods in a row without a sample after which a host counts as silent; 3 if absent. */
  readonly silentPeriodsMin?: number | undefined
  readonly metrics: readonly MetricSamples[]
}

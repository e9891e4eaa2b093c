/** What a metric gives to a judge: its samples, as they come from a file or from the hosts. */
import * as z from 'zod'
import type { Series } from './series.ts'

/** null, NaN and infinities are missing: they count for nothing, neither as zero nor as good. */
export type Sample = number | null

/** Samples of one side in order of time: one series, or one for each host. */
export type Samples = readonly (Sample | readonly Sample[])[]

export const isRow = (one: Sample | readonly Sample[]): one is readonly Sample[] =>
  typeof one === 'object' && one !== null

const SampleValue = z.number().nullable()
const SideSamples = z
  .array(
    z.union([SampleValue, z.array(SampleValue)], {
      error: 'expected a number or null, or a list of those for each host',
    }),
  )
  .refine((samples) => samples.every(isRow) || !samples.some(isRow), {
    error: 'expected either numbers or a list for each host, not both',
  })

/** The input of `drydock canary judge`, see docs/guides/canary-judge.md. */
export const JudgeProblem = z
  .strictObject({
    /** Probability that a healthy patch fails, over all looks and metrics. */
    alpha: z.number().positive().max(0.5),
    /** Looks planned in all, this one included; equally far apart. */
    looks: z.number().int().min(1).max(1000),
    /** Which of them this is, 1 for the first; the last if absent. */
    look: z.number().int().min(1).optional(),
    /** Fewest samples a side before a metric may be judged; 10 if absent. */
    samplesMin: z.number().int().min(2).optional(),
    /** Cliff's delta from which a difference matters; 0.33 if absent. */
    effectMin: z.number().min(0).max(1).optional(),
    /** Looks that may follow the planned ones when the last came too early; 0 if absent. */
    looksExtra: z.number().int().min(0).max(1000).optional(),
    /** Share of the samples there ought to be that each patched host must give; 0.8 if absent. */
    sampleShareMin: z.number().min(0).max(1).optional(),
    /** Periods in a row without a sample after which a host counts as silent; 3 if absent. */
    silentPeriodsMin: z.number().int().min(1).optional(),
    metrics: z.array(
      z.strictObject({
        name: z.string().min(1),
        higherIsWorse: z.boolean(),
        /** What a missing sample means; unknown if absent. */
        missing: z.enum(['unknown', 'zero']).optional(),
        /** Unpatched peers in the same time; absent: there is none, so `history` alone is compared with. */
        baseline: SideSamples.optional(),
        canary: SideSamples,
        /** The patched hosts before the patch. */
        history: SideSamples.optional(),
        /** The unpatched peers before the patch. */
        baselineHistory: SideSamples.optional(),
        /** Names of the patched hosts, in the order of `canary`. */
        hostIds: z.array(z.string()).optional(),
      }),
    ),
  })
  .check(({ value: { look, looks, looksExtra = 0, metrics }, issues }) => {
    const lookMax = looks + looksExtra
    const limit = looksExtra === 0 ? 'looks' : 'looks and looksExtra'
    if (look !== undefined && look > lookMax)
      issues.push({
        code: 'custom',
        input: look,
        path: ['look'],
        message: `expected at most ${limit}, which is ${lookMax}`,
      })
    for (const [index, { name }] of metrics.entries())
      if (metrics.findIndex((metric) => metric.name === name) < index)
        issues.push({
          code: 'custom',
          input: name,
          path: ['metrics', index, 'name'],
          message: `another metric is named ${name}`,
        })
  })
export type JudgeProblem = z.infer<typeof JudgeProblem>

/** One side of a metric, without what is missing. */
export interface Side {
  readonly series: readonly Series[]
  /** All values of all series, sorted. */
  readonly sorted: Float64Array
}

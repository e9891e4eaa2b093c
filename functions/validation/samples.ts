/** What a metric gives to a judge: its samples, as they come from a file or from the hosts. */
import * as z from 'zod'
import { type Series, seriesOf } from './series.ts'

/** null, NaN and infinities are missing: they count for nothing, neither as zero nor as good. */
export type Sample = number | null

/** Samples of one side in order of time: one series, or one for each host. */
export type Samples = readonly (Sample | readonly Sample[])[]

const isRow = (one: Sample | readonly Sample[]): one is readonly Sample[] => typeof one === 'object' && one !== null

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
    metrics: z.array(
      z.strictObject({
        name: z.string().min(1),
        higherIsWorse: z.boolean(),
        /** Unpatched peers in the same time; absent: there is none, so `history` alone is compared with. */
        baseline: SideSamples.optional(),
        canary: SideSamples,
        /** The patched hosts before the patch. */
        history: SideSamples.optional(),
      }),
    ),
  })
  .check(({ value: { look, looks, metrics }, issues }) => {
    if (look !== undefined && look > looks)
      issues.push({ code: 'custom', input: look, path: ['look'], message: `expected at most looks, which is ${looks}` })
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

export function readSide(samples: Samples | undefined): Side {
  const series = rowsOf(samples ?? [])
    .map(present)
    .filter((values) => values.length > 0)
    .map(seriesOf)
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

/** One series, or one for each host. */
function rowsOf(samples: Samples): readonly Samples[] {
  const [first] = samples
  return first !== undefined && isRow(first) ? samples.filter(isRow) : [samples]
}

function present(row: Samples): Float64Array {
  const values = new Float64Array(row.length)
  let count = 0
  for (let index = 0; index < row.length; index++) {
    const value = row[index]
    if (typeof value === 'number' && Number.isFinite(value)) values[count++] = value
  }
  return values.subarray(0, count)
}

/** Simulated canaries with known truth: an hour of one sample a minute on each side, judged every five minutes. */
import { boundaryP } from '../functions/validation/boundary.ts'
import { judgeCanary, mediumEffect, usualSamplesMin } from '../functions/validation/judge.ts'

export const looks = 12
export const samplesPerLook = 5
export const samplesMax = looks * samplesPerLook
export const alpha = 0.02

/** How the samples of a side are generated; shifts are measured in standard deviations of each process. */
export interface Process {
  readonly name: string
  /** Autocorrelation of the underlying normal series, from one sample to the next. */
  readonly rho: number
  readonly isLognormal?: boolean
}

export const processes: readonly Process[] = [
  { name: 'normal', rho: 0 },
  { name: 'lognormal', rho: 0, isLognormal: true },
  { name: 'AR(1), rho 0', rho: 0 },
  { name: 'AR(1), rho 0.3', rho: 0.3 },
  { name: 'AR(1), rho 0.5', rho: 0.5 },
]

/** Standard normal numbers from a seed: mulberry32 and the Box-Muller transform. */
export function normalNumbers(seed: number): () => number {
  let state = seed
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4294967296
  }
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

const lognormalDeviation = Math.sqrt((Math.E - 1) * Math.E)

/** A stationary series, shifted up by `deviations` of its standard deviation. */
export function drawSeries(next: () => number, { rho, isLognormal }: Process, count: number, deviations = 0): number[] {
  const fresh = Math.sqrt(1 - rho * rho)
  const series: number[] = []
  let value = next()
  for (let index = 0; index < count; index++) {
    series.push(isLognormal ? Math.exp(value) + deviations * lognormalDeviation : value + deviations)
    value = rho * value + fresh * next()
  }
  return series
}

const boundaryByQuestion = new Map<string, number>()
/** `boundaryP`, memoised. */
export const rememberedBoundaryP: typeof boundaryP = (plan, look) => {
  const question = JSON.stringify([plan, look])
  const p = boundaryByQuestion.get(question) ?? boundaryP(plan, look)
  boundaryByQuestion.set(question, p)
  return p
}

export interface Experiment {
  readonly process: Process
  readonly runs: number
  readonly seed: number
  /** Of the patched hosts, in standard deviations; 0: the patch is healthy. */
  readonly shift?: number
  readonly metrics?: number
  /** Number of samples of the patched hosts before the patch; none if absent. */
  readonly historyCount?: number
}

/** For each run, the samples per side at the look that failed it, or undefined. */
export function runCanaries({ process, runs, seed, shift = 0, metrics = 1, historyCount = 0 }: Experiment) {
  const next = normalNumbers(seed)
  return Array.from({ length: runs }, () => {
    const truth = Array.from({ length: metrics }, (_, index) => ({
      name: `metric ${index}`,
      baseline: drawSeries(next, process, samplesMax),
      canary: drawSeries(next, process, samplesMax, shift),
      history: drawSeries(next, process, historyCount),
    }))
    for (let look = 1; look <= looks; look++) {
      const count = look * samplesPerLook
      const seen = truth.map(({ name, baseline, canary, history }) => ({
        name,
        higherIsWorse: true,
        baseline: baseline.slice(0, count),
        canary: canary.slice(0, count),
        ...(historyCount > 0 ? { history } : {}),
      }))
      const question = { alpha, looksMax: looks, look, samplesMin: usualSamplesMin, effectMin: mediumEffect }
      if (judgeCanary({ ...question, metrics: seen }, rememberedBoundaryP).verdict === 'fail') return count
    }
    return undefined
  })
}

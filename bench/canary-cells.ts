/** Simulated canaries host by host with known truth: an hour of one sample a minute a host, judged every five minutes. */

import { judgeCanary, mediumEffect, usualSamplesMin } from '../functions/validation/judge.ts'
import type { MetricSamples } from '../functions/validation/judge-input.ts'
import { normalQuantile } from '../functions/validation/normal.ts'
import { alpha, looks, normalNumbers, rememberedBoundaryP, samplesMax, samplesPerLook } from './canary-runs.ts'

export interface Cell {
  readonly name: string
  readonly kind: 'normal' | 'lognormal' | 'counts'
  /** Events a minute and host, of counts. */
  readonly rate?: number
  /** Hosts a side. */
  readonly hosts: number
  /** Autocorrelation from one sample to the next. */
  readonly rho: number
  /** Standard deviation between hosts, in those of a host's own samples. */
  readonly hostDeviation: number
  readonly hasPast: boolean
  readonly hasPeersPast?: boolean
  /** Minutes of the past that are known, where not the whole hour. */
  readonly pastMinutes?: number
  /** Unpatched hosts, where not as many as patched ones. */
  readonly peers?: number
  /** Size of a common wave of load, in standard deviations. */
  readonly wave?: number
  readonly metrics?: number
  readonly harm?: Harm
}

export interface Harm {
  readonly hosts: number
  /** In standard deviations of a host's samples; of counts, events a minute that come on top. */
  readonly shift: number
  /** Minutes since the patch in which the harm is there. */
  readonly from?: number
  readonly until?: number
  /** Instead of a shift: the samples are missing. */
  readonly isSilence?: boolean
  /** Instead of a shift of every sample: the share of samples that it befalls. */
  readonly share?: number
  /** Instead of a shift: by how many times the scatter is wider. */
  readonly scatter?: number
}

const pastSamples = 60
/** Minutes of a wave of load. */
const waveMinutes = 90

/** Standard normal and uniform numbers of one seed. */
function numbers(seed: number) {
  const normal = normalNumbers(seed)
  let state = seed ^ 0x5bd1e995
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4294967296
  }
  return { normal, uniform }
}
type Numbers = ReturnType<typeof numbers>

function poisson({ uniform, normal }: Numbers, mean: number): number {
  if (mean > 500) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
  let count = 0
  for (let product = uniform(); product > Math.exp(-mean); product *= uniform()) count++
  return count
}

const lognormalDeviation = Math.sqrt((Math.E - 1) * Math.E)

/**
 * Neyman and Pearson's test, one look at the end: it knows distribution, host, hour and size of the harm, and each host's own
 * level. `log` is the likelihood ratio's logarithm of the draw, `mean` and `variance` those without harm.
 */
function bestTest() {
  let [log, mean, variance] = [0, 0, 0]
  return {
    see(one: { readonly log: number; readonly mean: number; readonly variance: number }) {
      log += one.log
      mean += one.mean
      variance += one.variance
    },
    isFound: () => variance > 0 && log > mean + normalQuantile(alpha) * Math.sqrt(variance),
  }
}
type BestTest = ReturnType<typeof bestTest>

/** A host from `start` (minutes since the patch, negative before it) for `count` minutes. */
function* hostSamples(cell: Cell, { random, best }: Draws, hurt: Harm | undefined): Generator<number | null> {
  const { kind, rho, hostDeviation, wave = 0, rate = 2 } = cell
  const fresh = Math.sqrt(1 - rho * rho)
  const own = hostDeviation * random.normal()
  let latent = random.normal()
  for (let minute = -pastSamples; minute < samplesMax; minute++) {
    const common = wave * Math.sin((2 * Math.PI * (minute + 20)) / waveMinutes)
    const isHurt = hurt !== undefined && minute >= (hurt.from ?? 0) && minute < (hurt.until ?? samplesMax)
    const befalls = isHurt && (hurt.share === undefined || random.uniform() < hurt.share)
    const shift = befalls ? hurt.shift : 0
    const scatter = isHurt ? (hurt.scatter ?? 1) : 1
    if (isHurt && hurt.isSilence) yield null
    else if (kind === 'normal') {
      if (isHurt) best.see(normalRatio(latent, hurt, shift))
      yield latent * scatter + own + common + shift
    } else if (kind === 'lognormal') yield Math.exp(latent * scatter) + (own + common + shift) * lognormalDeviation
    else {
      const level = Math.max(rate / 20, rate + own * Math.sqrt(rate)) * Math.exp(0.5 * common)
      const clustered = rho === 0 ? level : level * Math.exp(0.5 * latent - 0.125)
      const count = poisson(random, clustered + shift)
      const ratio = Math.log((clustered + shift) / clustered)
      if (isHurt)
        best.see({ log: count * ratio - shift, mean: clustered * ratio - shift, variance: clustered * ratio ** 2 })
      yield count
    }
    latent = rho * latent + fresh * random.normal()
  }
}

/** The likelihood ratio's logarithm of one normal sample: of a shift, of a wider scatter, or of a shift that befalls a share. */
function normalRatio(latent: number, { shift: size, share, scatter }: Harm, shift: number) {
  if (share !== undefined) {
    const drawn = latent + shift
    const log = Math.log(1 - share + share * Math.exp(Math.min(700, size * drawn - size ** 2 / 2)))
    return { log, mean: Math.log(1 - share), variance: 1e-12 }
  }
  if (scatter === undefined)
    return { log: shift * latent + shift ** 2 / 2, mean: -(shift ** 2) / 2, variance: shift ** 2 }
  const part = 1 - 1 / scatter ** 2
  const log = -Math.log(scatter) + (latent ** 2 * (scatter ** 2 - 1)) / 2
  return { log, mean: -Math.log(scatter) + part / 2, variance: part ** 2 / 2 }
}

interface Draws {
  readonly random: Numbers
  readonly best: BestTest
}

function drawMetric(cell: Cell, draws: Draws, name: string) {
  const side = (count: number, harm: Harm | undefined) =>
    Array.from({ length: count }, (_, index) => [
      ...hostSamples(cell, draws, harm !== undefined && index < harm.hosts ? harm : undefined),
    ])
  return { name, canary: side(cell.hosts, cell.harm), peers: side(cell.peers ?? cell.hosts, undefined) }
}

/** What became of one simulated canary. */
export interface Outcome {
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** The look that failed it. */
  readonly look?: number
  /** Inconclusive, and a look more may decide. */
  readonly isTooEarly: boolean
  /** Whether the best test, which knows everything but whether there is harm, finds it in the same draws. */
  readonly isFoundByBest: boolean
}

const pastOf = <Value>(row: readonly Value[], { pastMinutes = pastSamples }: Cell) =>
  row.slice(pastSamples - pastMinutes, pastSamples)

const seenAt = ({ name, canary, peers }: ReturnType<typeof drawMetric>, cell: Cell, count: number): MetricSamples => ({
  name,
  higherIsWorse: true,
  canary: canary.map((row) => row.slice(pastSamples, pastSamples + count)),
  baseline: peers.map((row) => row.slice(pastSamples, pastSamples + count)),
  ...(cell.hasPast ? { history: canary.map((row) => pastOf(row, cell)) } : {}),
  ...(cell.hasPeersPast ? { baselineHistory: peers.map((row) => pastOf(row, cell)) } : {}),
})

/** Judges `runs` canaries drawn from the cell; the same seed gives the same draws. */
export function runCell(cell: Cell, runs: number, seed: number): readonly Outcome[] {
  const random = numbers(seed)
  return Array.from({ length: runs }, () => {
    const best = bestTest()
    const drawn = Array.from({ length: cell.metrics ?? 1 }, (_, index) =>
      drawMetric(cell, { random, best }, `metric ${index}`),
    )
    let last: Outcome = { verdict: 'inconclusive', isTooEarly: false, isFoundByBest: false }
    for (let look = 1; look <= looks; look++) {
      const metrics = drawn.map((metric) => seenAt(metric, cell, look * samplesPerLook))
      const question = { alpha, looksMax: looks, look, samplesMin: usualSamplesMin, effectMin: mediumEffect, metrics }
      const { verdict, isTooEarly } = judgeCanary(question, rememberedBoundaryP)
      if (verdict === 'fail') return { verdict, look, isTooEarly: false, isFoundByBest: best.isFound() }
      last = { verdict, isTooEarly, isFoundByBest: best.isFound() }
    }
    return last
  })
}

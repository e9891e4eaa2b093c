/** What each host shows by itself: how far it moved against its own past, and where it stands among the others. */
import { effectiveCount, hostAutocorrelation } from './autocorrelation.ts'
import type { HostMean } from './between.ts'
import type { Host, MetricHosts } from './hosts.ts'
import { medianOf } from './median.ts'
import { normalQuantile, normalTail } from './normal.ts'
import { type Scored, type Shift, scored, separationOf, shiftOf } from './scores.ts'
import { distancesFrom, joined, type Series, seriesOf } from './series.ts'

export interface HostView {
  readonly host: Host
  /** Since the patch against before; absent: no past is known. */
  readonly since?: Shift | undefined
  /** Since the last look against all before it; absent at the first look. */
  readonly newest?: Shift | undefined
  /** Since the look before the last one. */
  readonly recent?: Shift | undefined
  /** The same two against the samples since the patch alone, as hosts without a past are seen, where some have none. */
  readonly newestAlone?: Shift | undefined
  readonly recentAlone?: Shift | undefined
  /** The largest deviate that `since` could have, by complete separation; 0 without a past. */
  readonly separation: number
  /** Samples before the patch, as they are or as distances. */
  readonly past: Float64Array
  /** Of the samples since the patch, on the scale of `scaleOf`. */
  readonly mean: HostMean
}

export interface Views {
  readonly canary: readonly HostView[]
  readonly peers: readonly HostView[]
  /** From one sample to the next, on the cautious side. */
  readonly autocorrelation: number
  /** Standard deviation of the samples of a host, on the scale of `scaleOf`. */
  readonly deviation: number
  readonly scale: number
}

/** How each series is seen: as it is, or by its distance from its own median. */
export type Aspect = 'level' | 'spread'

/** The views of both sides; `autocorrelation` where it is known from another aspect. */
export function viewsOf({ canary, peers }: MetricHosts, aspect: Aspect, known?: number): Views {
  const series = (host: Host) => seen(host, aspect)
  const [ours, theirs] = [canary.map(series), peers.map(series)]
  const autocorrelation = known ?? autocorrelationOf(ours, theirs)
  const scale = scaleOf([...ours, ...theirs].map(({ now }) => now.values))
  const areAlike = [...canary, ...peers].every(({ past }) => past.length > 0)
  const view = (one: SeenHost) => viewOf(one, { autocorrelation, scale, aspect, areAlike })
  const [canaryViews, peerViews] = [ours.map(view), theirs.map(view)]
  const all = [...canaryViews, ...peerViews].filter(({ host }) => host.now.length > 1)
  const variances = all.map(
    ({ host, mean }) => (mean.variance * effectiveOf(host.now.length, autocorrelation)) / host.smoothing ** 2,
  )
  const deviation = Math.sqrt(variances.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length))
  return { canary: canaryViews, peers: peerViews, autocorrelation, deviation, scale }
}

interface SeenHost {
  readonly host: Host
  /** Its samples since the patch and before, as they are or as distances. */
  readonly now: Series
  readonly past: Series
  readonly scored: Scored
}

const effectiveOf = (count: number, rho: number) => effectiveCount(count, count, rho)

/** Of hosts that are not patched, so that a break by the patch is not taken for resemblance; else of all there are. */
function autocorrelationOf(ours: readonly SeenHost[], theirs: readonly SeenHost[]): number {
  const part = ({ scored: { scores } }: SeenHost, from: number, to: number) => scores.subarray(from, to)
  const pasts = [...ours, ...theirs].map((one) => part(one, 0, one.host.past.length))
  const since = theirs.map((one) => part(one, one.host.past.length, one.scored.scores.length))
  const patched = ours.map((one) => part(one, one.host.past.length, one.scored.scores.length))
  const reference = [...pasts, ...since].reduce((sum, { length }) => sum + length, 0)
  const groups = [pasts.slice(0, ours.length), pasts.slice(ours.length), since]
  return hostAutocorrelation(reference >= referenceMin ? groups : [...groups, patched])
}

/** Samples of hosts that are not patched from which their resemblance is told well enough. */
const referenceMin = 40

const nothing = scored(seriesOf(new Float64Array(0)))

function seen(host: Host, aspect: Aspect): SeenHost {
  const { nowSeries, pastSeries, nowMedian, pastMedian } = host
  if (aspect === 'level') {
    return { host, now: nowSeries, past: pastSeries, scored: scored(joined(pastSeries, nowSeries)) }
  }
  const now = distancesFrom(nowSeries, nowMedian)
  if (host.past.length === 0) return { host, now, past: pastSeries, scored: nothing }
  const past = distancesFrom(pastSeries, pastMedian)
  return { host, now, past, scored: scored(joined(past, now)) }
}

interface Lens {
  readonly autocorrelation: number
  readonly scale: number
  readonly aspect: Aspect
  /** All hosts have a past, so that nobody is seen without it. */
  readonly areAlike: boolean
}

function viewOf({ host, now, past, scored: own }: SeenHost, lens: Lens): HostView {
  const { autocorrelation, aspect, areAlike } = lens
  const shrinkage = (count: number, others: number) => {
    const shrunk = 1 / effectiveOf(count, autocorrelation) + 1 / effectiveOf(others, autocorrelation)
    return Math.sqrt((1 / count + 1 / others) / shrunk)
  }
  const adjusted = (shift: Shift | undefined) => {
    if (shift === undefined) return undefined
    const effect = host.smoothing === 1 ? shift.effect : ofSamples(shift.effect, host.smoothing)
    return { ...shift, effect, z: shift.z * shrinkage(shift.count, shift.others) }
  }
  const hasPast = host.past.length > 0
  const later = (count: number) => (aspect === 'level' && count > 0 ? adjusted(shiftOf(own, count)) : undefined)
  const [newest, recent] = [later(host.newest), later(host.recent)]
  return {
    host,
    since: hasPast ? adjusted(shiftOf(own, host.now.length)) : undefined,
    newest,
    recent,
    newestAlone: newest,
    recentAlone: recent,
    ...(aspect === 'level' && hasPast && !areAlike ? aloneOf(host, adjusted) : {}),
    separation: hasPast
      ? separationOf(now.values.length, past.values.length) * shrinkage(now.values.length, past.values.length)
      : 0,
    past: past.values,
    mean: meanOf(host, now.values, lens),
  }
}

/** Cliff's delta of samples, where that of their means is known: as of normal ones. */
function ofSamples(effect: number, smoothing: number): number {
  const bounded = Math.max(-effectMax, Math.min(effectMax, effect))
  return 1 - 2 * normalTail(-normalQuantile((1 + bounded) / 2) * smoothing)
}

const effectMax = 1 - 1e-9

function aloneOf({ nowSeries, newest, recent }: Host, adjusted: (shift: Shift | undefined) => Shift | undefined) {
  const alone = scored(nowSeries)
  const later = (count: number) => (count > 0 ? adjusted(shiftOf(alone, count)) : undefined)
  return { newestAlone: later(newest), recentAlone: later(recent) }
}

/** As Math.asinh to some 15 digits of its argument's size, in half the time; what is too large to square is a plain logarithm. */
function asinh(value: number): number {
  const size = Math.abs(value)
  const result = size < 1e150 ? Math.log(size + Math.sqrt(size * size + 1)) : Math.log(size) + Math.LN2
  return value < 0 ? -result : result
}

/** The unit in which hosts are compared: the median distance from zero of samples that are not zero. */
function scaleOf(rows: readonly Float64Array[]): number {
  const total = rows.reduce((sum, { length }) => sum + length, 0)
  const stride = Math.max(1, Math.floor(total / scaleSamples))
  const sizes = new Float64Array(Math.ceil(total / stride))
  let [next, filled] = [0, 0]
  for (const row of rows) {
    for (; next < row.length; next += stride) {
      const size = Math.abs(row[next] ?? 0)
      if (size > 0) sizes[filled++] = size
    }
    next -= row.length
  }
  return filled === 0 ? 1 : medianOf(sizes.subarray(0, filled))
}

const scaleSamples = 256

/**
 * The mean by asinh(value / scale), which is linear near zero and a logarithm far from it: one huge sample, or a service
 * whose hosts differ by factors, then rules nothing.
 */
export function meanOf(
  { index }: Pick<Host, 'index'>,
  values: Float64Array,
  { autocorrelation, scale }: Pick<Lens, 'autocorrelation' | 'scale'>,
): HostMean {
  const count = values.length
  if (count === 0) return { index, mean: 0, variance: 0 }
  let sum = 0
  let squares = 0
  for (let place = 0; place < count; place++) {
    const value = asinh((values[place] ?? 0) / scale)
    sum += value
    squares += value * value
  }
  const mean = sum / count
  const scatter = count < 2 ? 0 : Math.max(0, squares - count * mean * mean) / (count - 1)
  return { index, mean, variance: scatter / effectiveOf(count, autocorrelation) }
}

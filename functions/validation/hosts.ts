/** A metric's samples host by host: what each gave before and after the patch, and how long it was silent. */

import type { MetricSamples } from './judge-input.ts'
import { isRow, type Samples } from './samples.ts'
import { lowerMedianOf, type Series, seriesOf } from './series.ts'

/** Points that are kept as they are; longer series are averaged by equal spans of time, to at most so many points. */
const pointsMax = { ofHost: 120, ofSide: 4096 } as const
const averagedMax = { ofHost: 72, ofSide: 4096 } as const

/** One host of a side; larger values are worse, whatever the metric's direction. */
export interface Host {
  /** Its place in the input, from 0. */
  readonly index: number
  /** Samples since the patch, in order of time, without what is missing. */
  readonly now: Float64Array
  /** The same with their order of size. */
  readonly nowSeries: Series
  /** How many of `now` came since the look before, and since the one before that. */
  readonly newest: number
  readonly recent: number
  /** Samples before the patch, likewise; empty: none is known. */
  readonly past: Float64Array
  readonly pastSeries: Series
  /** Standard deviation of `now` over that of the samples that it averages; 1 where it averages none. */
  readonly smoothing: number
  readonly nowMedian: number
  readonly pastMedian: number
  /** Samples there ought to be since the patch, and how many there are. */
  readonly expected: number
  readonly given: number
  /** Periods in a row without a sample while others gave theirs; the longest such silence. */
  readonly silentPeriods: number
}

export interface MetricHosts {
  readonly canary: readonly Host[]
  readonly peers: readonly Host[]
  /** Samples before the patch, whosever of the patched hosts they are. */
  readonly pasts: readonly Series[]
  readonly pastSamples: number
  /** The samples are of each host; else of a side as a whole, whose hosts nobody can tell apart. */
  readonly isByHost: boolean
}

/** A series as it was read: its points, and what was missing of it. */
interface Row {
  /** The samples that are there, or means of each `span` of them, spans counted from the start. */
  readonly points: Float64Array
  /** Where in the series the span of each point starts. */
  readonly starts: Uint32Array
  /** Periods without a sample. */
  readonly missing: readonly number[]
  readonly length: number
  readonly smoothing: number
}

/** The hosts of both sides at look number `look`. */
export function hostsOf(metric: MetricSamples, look: number): MetricHosts {
  const canaryRows = rowsOf(metric.canary)
  const peerRows = rowsOf(metric.baseline ?? [])
  const length = longest(canaryRows)
  const isByHost = hasRows(metric.canary) && (metric.baseline === undefined || hasRows(metric.baseline))
  const unit = isByHost ? 'ofHost' : 'ofSide'
  const spanOf = (samples: number) => (samples <= pointsMax[unit] ? 1 : Math.ceil(samples / averagedMax[unit]))
  const span = spanOf(length)
  const read = (rows: readonly Samples[], lengthMin: number) => {
    const own = Math.max(longest(rows), lengthMin)
    return rows.map((row) => readRow(row, metric, { length: own, span: Math.max(span, spanOf(own)) }))
  }
  const canary = read(canaryRows, 0)
  const peers = read(peerRows, metric.missing === 'zero' ? length : 0)
  const pastRows = read(rowsOf(metric.history ?? []), 0)
  const pasts = pastRows.map(({ points }) => seriesOf(points))
  const peerPasts = read(rowsOf(metric.baselineHistory ?? []), 0).map(({ points }) => seriesOf(points))
  const isAnyoneThere = peers.length === 0 ? () => true : presence([...canary, ...peers])
  const hosts = (rows: readonly Row[], before: readonly Series[]) =>
    rows.map((row, index) => hostOf(row, before[index], { index, look, isAnyoneThere }))
  return {
    canary: hosts(canary, matched(canary, pasts)),
    peers: hosts(peers, matched(peers, peerPasts)),
    pasts,
    pastSamples: pastRows.reduce((sum, row) => sum + row.length - row.missing.length, 0),
    isByHost,
  }
}

/** Pasts belong to hosts by their order; where the numbers differ nobody knows whose they are. */
const matched = (rows: readonly Row[], pasts: readonly Series[]) => (rows.length === pasts.length ? pasts : [])

const hasRows = (samples: Samples) => samples.some(isRow)
const longest = (rows: readonly Samples[]) => rows.reduce((most, row) => Math.max(most, row.length), 0)

/** One series, or one for each host. */
function rowsOf(samples: Samples): readonly Samples[] {
  if (samples.length === 0) return []
  return hasRows(samples) ? samples.filter(isRow) : [samples]
}

interface Size {
  readonly length: number
  readonly span: number
}

/** Reads a row in one pass; larger points are worse. */
function readRow(row: Samples, { higherIsWorse, missing: means }: MetricSamples, { length, span }: Size): Row {
  const isZero = means === 'zero'
  const weight = (higherIsWorse ? 1 : -1) / Math.max(1, span)
  const points = new Float64Array(Math.ceil(length / Math.max(1, span)))
  const starts = new Uint32Array(points.length)
  const missing: number[] = []
  let filled = 0
  let squares = 0
  for (let start = 0; start < length; start += span) {
    const end = Math.min(length, start + span)
    let sum = 0
    let count = 0
    for (let index = start; index < end; index++) {
      const value = row[index]
      if (typeof value === 'number' && Number.isFinite(value)) {
        const weighted = value * weight
        sum += weighted
        squares += weighted * weighted
        count++
      } else if (isZero) count++
      else missing.push(index)
    }
    if (count === 0) continue
    points[filled] = count === span ? sum : (sum / count) * span
    starts[filled++] = start
  }
  const given = points.subarray(0, filled)
  const smoothing = span <= 1 ? 1 : smoothingOf(given, squares * span * span, length - missing.length)
  return { points: given, starts, missing, length, smoothing }
}

/** The points' standard deviation over that of `count` samples with the sum of `squares`. */
function smoothingOf(points: Float64Array, squares: number, count: number): number {
  let sum = 0
  for (let index = 0; index < points.length; index++) sum += points[index] ?? 0
  const mean = sum / points.length
  let ofPoints = 0
  for (let index = 0; index < points.length; index++) ofPoints += ((points[index] ?? 0) - mean) ** 2 / points.length
  const ofSamples = squares / count - mean * mean
  return ofSamples > 0 && ofPoints > 0 ? Math.min(1, Math.sqrt(ofPoints / ofSamples)) : 1
}

/** For each period whether any host gave a sample: what all lack is a fault of the monitoring, not silence of a host. */
function presence(rows: readonly Row[]): (period: number) => boolean {
  if (rows.some(({ missing, length }) => length > 0 && missing.length === 0)) return () => true
  const gaps = rows.map(({ missing, length }) => ({ missing: new Set(missing), length }))
  return (period) => gaps.some(({ missing, length }) => period < length && !missing.has(period))
}

interface Circumstances {
  readonly index: number
  readonly look: number
  readonly isAnyoneThere: (period: number) => boolean
}

const none = seriesOf(new Float64Array(0))

function hostOf(row: Row, pastSeries = none, { index, look, isAnyoneThere }: Circumstances): Host {
  const { points: now, length, missing } = row
  const nowSeries = seriesOf(now)
  const perLook = Math.ceil(length / look)
  return {
    index,
    now,
    nowSeries,
    nowMedian: lowerMedianOf(nowSeries),
    pastMedian: lowerMedianOf(pastSeries),
    newest: look <= 1 ? 0 : pointsFrom(row, length - perLook),
    recent: look <= 2 ? 0 : pointsFrom(row, length - 2 * perLook),
    past: pastSeries.values,
    pastSeries,
    smoothing: row.smoothing,
    expected: length,
    given: length - missing.length,
    silentPeriods: longestSilence(row, isAnyoneThere),
  }
}

function pointsFrom({ points, starts }: Row, start: number): number {
  let count = 0
  while (count < points.length && (starts[points.length - 1 - count] ?? 0) >= start) count++
  return count
}

function longestSilence({ missing }: Row, isAnyoneThere: (period: number) => boolean): number {
  let run = 0
  let most = 0
  let last = -1
  for (const period of missing) {
    if (!isAnyoneThere(period)) continue
    run = last >= 0 && areNeighbours(last, period, isAnyoneThere) ? run + 1 : 1
    last = period
    most = Math.max(most, run)
  }
  return most
}

function areNeighbours(last: number, period: number, isAnyoneThere: (period: number) => boolean): boolean {
  for (let between = last + 1; between < period; between++) if (isAnyoneThere(between)) return false
  return true
}

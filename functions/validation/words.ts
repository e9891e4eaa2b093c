/** The verdict on a metric in words: first one plain sentence, then the arithmetic. */

import type { Comparison } from './compare.ts'
import type { Host, MetricHosts } from './hosts.ts'
import type { MetricSamples } from './judge-input.ts'
import { medianOf } from './median.ts'
import type { MetricTest } from './metric-tests.ts'

export interface TriedTest extends MetricTest {
  /** The p that it must not exceed to be worse. */
  readonly threshold: number
}

export const number = (value: number) => String(Number(value.toPrecision(3)))

/** Hosts that a sentence names; more are counted. */
const namedMax = 5

export const nameOf = ({ hostIds }: MetricSamples, index: number) => hostIds?.[index] ?? `host ${index + 1}`

/** Names of hosts, the first few of them. */
export function namesOf(metric: MetricSamples, indexes: readonly number[]): string {
  const names = indexes.slice(0, namedMax).map((index) => nameOf(metric, index))
  return indexes.length > namedMax ? `${names.join(', ')} and ${indexes.length - namedMax} more` : names.join(', ')
}

/** What got worse, on how many hosts, from what to what. */
export function worseSentence(metric: MetricSamples, hosts: MetricHosts, test: TriedTest): string {
  const worse = (test.hosts ?? []).filter(({ p }) => p <= test.threshold).map(({ index }) => index)
  const all = hosts.canary.filter(({ now }) => now.length > 0)
  const named = worse.length === 0 ? all : all.filter(({ index }) => worse.includes(index))
  const where = whereOf(metric, hosts, worse)
  const isNewest = test.name.endsWith('newest')
  const when = isNewest ? ' since the last look' : ''
  const [from, to] =
    test.name === 'spread' || test.name === 'rare outliers' ? highs(hosts) : levels(hosts, named, isNewest)
  const [before, after] = [from, to].map((value) => number(metric.higherIsWorse ? value : -value))
  const what = test.name === 'spread' || test.name === 'rare outliers' ? `the worst of ${metric.name}` : metric.name
  const hasPast = isNewest || named.some(({ past }) => past.length > 0)
  if (!hasPast) return `${what} ${where} is ${after}, on unpatched hosts ${before}`
  return `${what} ${where} ${metric.higherIsWorse ? 'rose' : 'fell'} from ${before} to ${after}${when}`
}

function whereOf(metric: MetricSamples, { canary, isByHost }: MetricHosts, worse: readonly number[]): string {
  if (!isByHost) return 'on the canary'
  if (worse.length === 0) return `on the ${canary.length} canary host${canary.length === 1 ? '' : 's'}`
  return `on ${worse.length} of ${canary.length} canary hosts (${namesOf(metric, worse)})`
}

/** Medians before and after, or means where the medians do not tell. */
function levels({ peers }: MetricHosts, named: readonly Host[], isNewest: boolean): readonly [number, number] {
  const splitAt = ({ now, newest }: Host) => (isNewest ? now.length - newest : 0)
  const after = named.map((host) => host.now.subarray(splitAt(host)))
  const own = named.map((host) => together([host.past, host.now.subarray(0, splitAt(host))]))
  const before = own.some(({ length }) => length > 0) ? own : peers.map(({ now }) => now)
  const medians = [medianOfAll(before), medianOfAll(after)] as const
  return medians[0] < medians[1] ? medians : [meanOfAll(before), meanOfAll(after)]
}

/** The 95th percentile before, or among peers, and after. */
function highs({ canary, peers, pasts }: MetricHosts): readonly [number, number] {
  const high = (rows: readonly Float64Array[]) => {
    const sorted = together(rows).sort()
    return sorted[Math.floor(sorted.length * 0.95)] ?? 0
  }
  const before = pasts.map(({ values }) => values)
  const others = before.some(({ length }) => length > 0) ? before : peers.map(({ now }) => now)
  return [high(others), high(canary.map(({ now }) => now))]
}

function together(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.reduce((sum, { length }) => sum + length, 0))
  let filled = 0
  for (const row of rows) {
    all.set(row, filled)
    filled += row.length
  }
  return all
}

const medianOfAll = (rows: readonly Float64Array[]) => {
  const all = together(rows)
  return all.length === 0 ? 0 : medianOf(all)
}

function meanOfAll(rows: readonly Float64Array[]): number {
  const all = together(rows)
  return all.reduce((sum, value) => sum + value / all.length, 0)
}

/** That nothing got worse, with the levels of all sides, each the median of its hosts' medians. */
export function notWorseSentence(metric: MetricSamples, hosts: MetricHosts): string {
  const median = (medians: readonly number[]) => {
    const value = medianOf(medians)
    return number(metric.higherIsWorse ? value : -value)
  }
  const present = (all: readonly Host[]) => all.filter(({ now }) => now.length > 0).map(({ nowMedian }) => nowMedian)
  const pasts = hosts.canary.filter(({ past }) => past.length > 0).map(({ pastMedian }) => pastMedian)
  const peers = present(hosts.peers)
  const others = [
    ...(peers.length > 0 ? [`${median(peers)} on unpatched hosts`] : []),
    ...(pasts.length > 0 ? [`${median(pasts)} before`] : []),
  ]
  return `${metric.name} ${whereOf(metric, hosts, [])} is not worse: ${[`median ${median(present(hosts.canary))}`, ...others].join(', ')}`
}

/** The comparisons of the level, and each test with the p it has and the p it needs. */
export function arithmetic(comparisons: readonly Comparison[], tests: readonly TriedTest[]): string {
  const parts = comparisons.map(
    ({ against, by, samples, u, p, pAdjusted, effect, interval: [low, high], effective }) =>
      `against ${samples} samples of ${against} by ${by}${u === undefined ? '' : ` U ${number(u)}, p ${number(p)},`} ` +
      `as ${number(effective.canary)} against ${number(effective.other)} independent ${by === 'hosts' ? 'hosts' : 'samples'} p ${number(pAdjusted)}, ` +
      `effect ${number(effect)} (${number(low)} to ${number(high)})`,
  )
  const tried = tests.map(({ name, p, threshold, tries, mayMatter }) => {
    const each = tries > 1 ? ` for each of ${tries}` : ''
    const small = p <= threshold && !mayMatter ? ', too small to matter' : ''
    return `${name} p ${number(p)} of ${number(threshold)}${each}${small}`
  })
  return [...parts, `tests: ${tried.join(', ')}`].join('; ')
}

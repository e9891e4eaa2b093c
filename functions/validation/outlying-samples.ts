/** Rare outliers: more samples far above their host's own median than there were before, or are among peers. */
import { type Between, compareGroups } from './between.ts'
import type { Host, MetricHosts } from './hosts.ts'
import { normalQuantile, normalTail } from './normal.ts'
import { exactTail } from './student.ts'

/** The share of all samples that are looked at as the outlying ones. */
const outlyingShare = 0.02
const thresholdSamples = 512

export interface Outlying {
  /** The largest p of the comparisons made. */
  readonly p: number
  /** Share of outlying samples of the patched hosts, and the largest of those that they are compared with. */
  readonly share: number
  readonly otherShare: number
}

interface Counted {
  readonly count: number
  readonly events: number
}

/** `shrinkage` is the factor of deviates by which autocorrelation is allowed for; nothing to compare with: undefined. */
export function outlyingSamples(hosts: MetricHosts, shrinkage: number): Outlying | undefined {
  const { canary, peers, isByHost } = hosts
  const nowOf = ({ now, nowMedian }: Host) => ({ row: now, middle: nowMedian })
  const pastOf = ({ past, pastMedian }: Host) => ({ row: past, middle: pastMedian })
  const limit = limitOf([...canary.map(nowOf), ...peers.map(nowOf), ...canary.map(pastOf)])
  const now = canary.map((host) => countAbove(nowOf(host), limit))
  const past = canary.map((host) => countAbove(pastOf(host), limit))
  const others = peers.map((host) => countAbove(nowOf(host), limit))
  const shares: number[] = []
  const ps: number[] = []
  const compare = (other: readonly Counted[], p: number) => {
    shares.push(shareOf(other))
    ps.push(p)
  }
  if (past.some(({ count }) => count > 0)) compare(past, exactP(now, past, shrinkage))
  if (others.some(({ count }) => count > 0))
    compare(others, isByHost ? groupsP(hosts, now, others, shrinkage) : exactP(now, others, shrinkage))
  if (ps.length === 0) return undefined
  return { p: Math.max(...ps), share: shareOf(now), otherShare: Math.max(...shares) }
}

const total = (counted: readonly Counted[]) =>
  counted.reduce((sum, one) => ({ count: sum.count + one.count, events: sum.events + one.events }), {
    count: 0,
    events: 0,
  })

function shareOf(counted: readonly Counted[]): number {
  const { count, events } = total(counted)
  return count === 0 ? 0 : events / count
}

function exactP(now: readonly Counted[], other: readonly Counted[], shrinkage: number): number {
  const [ours, theirs] = [total(now), total(other)]
  const { p } = exactTail({
    all: ours.count + theirs.count,
    marked: ours.events + theirs.events,
    drawn: ours.count,
    seen: ours.events,
  })
  return p < 0.5 ? normalTail(normalQuantile(p) * shrinkage) : p
}

/** Hosts are the units where they differ by more than chance; where they do not, samples are. */
function groupsP(
  { canary, peers }: MetricHosts,
  now: readonly Counted[],
  others: readonly Counted[],
  shrinkage: number,
): number {
  const found = groups(canary, now, peers, others)
  if (found === undefined) return 1
  return found.hostShare <= alikeMax ? exactP(now, others, shrinkage) : found.p
}

/** The share of the scatter between hosts that is not of their samples, up to which it is taken for chance. */
const alikeMax = 0.4

function groups(
  canary: readonly Host[],
  now: readonly Counted[],
  peers: readonly Host[],
  others: readonly Counted[],
): Between | undefined {
  const means = (hosts: readonly Host[], counted: readonly Counted[]) =>
    hosts.flatMap(({ index }, place) => {
      const { count, events } = counted[place] ?? { count: 0, events: 0 }
      if (count === 0) return []
      const mean = events / count
      return [{ index, mean, variance: (mean * (1 - mean)) / count }]
    })
  return compareGroups(means(canary, now), means(peers, others))
}

interface Row {
  readonly row: Float64Array
  readonly middle: number
}

/** The distance from a series' own median above which the samples of all are outlying. */
function limitOf(rows: readonly Row[]): number {
  const total = rows.reduce((sum, { row }) => sum + row.length, 0)
  const stride = Math.max(1, Math.floor(total / thresholdSamples))
  const distances = new Float64Array(Math.ceil(total / stride))
  let [next, filled] = [0, 0]
  for (const { row, middle } of rows) {
    for (; next < row.length; next += stride) distances[filled++] = (row[next] ?? 0) - middle
    next -= row.length
  }
  return Math.max(0, largest(distances.subarray(0, filled), filled + 1 - Math.ceil(filled * (1 - outlyingShare))))
}

/** The `rank`-th largest of the values, for small ranks without sorting them; 0 of none. */
function largest(values: Float64Array, rank: number): number {
  if (values.length === 0) return 0
  const top = new Float64Array(rank).fill(Number.NEGATIVE_INFINITY)
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0
    if (value <= (top[0] ?? 0)) continue
    let hole = 0
    for (; hole + 1 < rank && (top[hole + 1] ?? 0) < value; hole++) top[hole] = top[hole + 1] ?? 0
    top[hole] = value
  }
  return top[0] ?? 0
}

function countAbove({ row, middle }: Row, limit: number): Counted {
  let events = 0
  for (let index = 0; index < row.length; index++) if ((row[index] ?? 0) - middle > limit) events++
  return { count: row.length, events }
}

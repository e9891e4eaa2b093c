/** All tests of one metric at one look, each with its p and what it found. */

import { cautiousAutocorrelation, effectiveCount } from './autocorrelation.ts'
import { type Comparison, compareSides, rareEvents } from './compare.ts'
import { effectInterval } from './effect-interval.ts'
import { beyondPeersP, groupsP, type HostP, movedHosts, outlyingHosts, ownP } from './host-tests.ts'
import type { Host, MetricHosts } from './hosts.ts'
import { medianOf } from './median.ts'
import { normalTail } from './normal.ts'
import { outlyingSamples } from './outlying-samples.ts'
import type { Side } from './samples.ts'
import { distancesFrom, lowerMedianOf, type Series } from './series.ts'
import { sideOf } from './side.ts'
import { type Views, viewsOf } from './views.ts'

/** What is tested, in the order in which the words name it. */
export type TestName =
  | 'all hosts'
  | 'some hosts'
  | 'all hosts, newest'
  | 'some hosts, newest'
  | 'spread'
  | 'rare outliers'

export interface MetricTest {
  readonly name: TestName
  /** Of the worst host where hosts are tested one by one. */
  readonly p: number
  /** Tries that the error rate is shared out over: the hosts, where each is tested. */
  readonly tries: number
  /** Whether what was seen may be large enough to matter. */
  readonly mayMatter: boolean
  readonly hosts?: readonly HostP[]
}

export interface MetricTests {
  readonly tests: readonly MetricTest[]
  readonly comparisons: readonly Comparison[]
  readonly views: Views
  readonly autocorrelation: number
}

/** Every test for which there are samples; none of the levels where hosts cannot be told from the patch. */
export function testMetric(hosts: MetricHosts, effectMin: number): MetricTests {
  const views = viewsOf(hosts, 'level')
  const sampled = hosts.isByHost
    ? undefined
    : bySamples(
        hosts,
        sidesOf(hosts, (host) => host.nowSeries),
      )
  const comparisons = sampled?.comparisons ?? byHost(hosts, views)
  const isManyHosts = hosts.isByHost && hosts.canary.length > 1
  const tests = [
    ...levelTest('all hosts', comparisons, effectMin),
    ...(isManyHosts ? worstOf('some hosts', sinceOf(views), effectMin) : []),
    ...newestTests(views, isManyHosts, effectMin),
    ...shapeTests(hosts, views, effectMin),
  ]
  return { tests, comparisons, views, autocorrelation: sampled?.autocorrelation ?? views.autocorrelation }
}

function levelTest(name: TestName, comparisons: readonly Comparison[], effectMin: number): MetricTest[] {
  if (comparisons.length === 0) return []
  const p = Math.max(...comparisons.map(({ pAdjusted }) => pAdjusted))
  return [{ name, p, tries: 1, mayMatter: comparisons.every(({ interval: [, high] }) => high >= effectMin) }]
}

/** A host with a past is held against it; one without against unpatched hosts. */
function sinceOf(views: Views): readonly HostP[] {
  const known = movedHosts(views, 'since')
  return known.length > 0 ? known : outlyingHosts(views)
}

function worstOf(name: TestName, hosts: readonly HostP[], effectMin: number): MetricTest[] {
  const [first] = hosts
  if (!first) return []
  const worst = hosts.reduce((most, host) => (host.p < most.p ? host : most), first)
  return [{ name, p: worst.p, tries: hosts.length, mayMatter: worst.effect >= effectMin, hosts }]
}

/** The newest samples, of one look and of two: both tries share the error rate, as hosts do. */
function newestTests(views: Views, isManyHosts: boolean, effectMin: number): MetricTest[] {
  const tried = (['newest', 'recent'] as const).map((span) => [
    ...newestOf(views, span, effectMin),
    ...(isManyHosts ? worstOf('some hosts, newest', movedHosts(views, span), effectMin) : []),
  ])
  const names = ['all hosts, newest', 'some hosts, newest'] as const
  return names.flatMap((name) => {
    const tests = tried.flat().filter((test) => test.name === name)
    const [best] = tests.toSorted((left, right) => Number(right.mayMatter) - Number(left.mayMatter) || left.p - right.p)
    return best === undefined ? [] : [{ ...best, tries: best.tries * tests.length }]
  })
}

function newestOf(views: Views, span: 'newest' | 'recent', effectMin: number): MetricTest[] {
  const own = ownP(views, span)
  if (own === undefined) return []
  const effects = views.canary.flatMap((view) => view[span]?.effect ?? [])
  const effect = sum(effects) / effects.length
  const p = Math.max(own, beyondPeersP(views, span) ?? 0)
  return [{ name: 'all hosts, newest', p, tries: 1, mayMatter: effect >= effectMin }]
}

/** One host a side tells nothing without a past; with one, its samples are held against those of the other as well. */
function byHost(hosts: MetricHosts, views: Views): Comparison[] {
  const own = ownEvents(hosts) ?? ownComparison(views)
  const peers = peersComparison(hosts, views, own !== undefined)
  const sampled =
    own && !peers && hosts.peers.length > 0
      ? bySamples(
          hosts,
          sidesOf(hosts, (host) => host.nowSeries),
        )
      : undefined
  const other = sampled?.comparisons.filter(({ against }) => against === 'unpatched peers') ?? []
  return [...(peers ? [peers] : other), ...(own ? [own] : [])]
}

interface Sides {
  readonly canary: Side
  readonly peers: Side
  readonly past: Side
}

const sidesOf = ({ canary, peers, pasts }: MetricHosts, rowOf: (host: Host) => Series): Sides => ({
  canary: sideOf(canary.map(rowOf)),
  peers: sideOf(peers.map(rowOf)),
  past: sideOf(pasts),
})

/** Sample by sample, as if hosts did not differ: all that can be done where nobody says whose samples they are. */
function bySamples({ isByHost }: MetricHosts, { canary, peers, past }: Sides) {
  const all = cautiousAutocorrelation([...canary.series, ...peers.series, ...past.series])
  const reference = cautiousAutocorrelation([...peers.series, ...past.series])
  const others = [
    { against: 'unpatched peers' as const, other: peers },
    { against: 'their own past' as const, other: isByHost ? sideOf([]) : past },
  ]
  const comparisons = others
    .filter(({ other }) => canary.sorted.length > 0 && other.sorted.length > 0)
    .map(({ against, other }) => {
      const isRare = rareEvents(canary, other) !== undefined
      return compareSides({ against, other, canary, autocorrelation: isRare ? reference : all })
    })
  return { comparisons, autocorrelation: all }
}

/** Whether samples scatter more, or some are far out, though their level may be the same: only towards the worse side. */
function shapeTests(hosts: MetricHosts, views: Views, effectMin: number): MetricTest[] {
  const { autocorrelation } = views
  const points = hosts.canary.reduce((most, { now }) => Math.max(most, now.length), 1)
  const outlying = outlyingSamples(hosts, Math.sqrt(worth(points, autocorrelation) / points))
  if (outlying === undefined) return []
  const isOutlying: MetricTest = {
    name: 'rare outliers',
    p: outlying.p,
    tries: 1,
    mayMatter: outlying.share - outlying.otherShare >= outlyingMin,
  }
  return [...spreadTest(hosts, autocorrelation, effectMin), isOutlying]
}

/** How much larger the share of outlying samples must be to matter. */
const outlyingMin = 0.01

function spreadTest(hosts: MetricHosts, autocorrelation: number, effectMin: number): MetricTest[] {
  if (!reachesFurther(hosts)) return []
  const comparisons = hosts.isByHost
    ? byHost(hosts, viewsOf(hosts, 'spread', autocorrelation))
    : bySamples(hosts, distancesOf(hosts)).comparisons
  return levelTest('spread', comparisons, effectMin)
}

const distancesOf = ({ canary, peers, pasts }: MetricHosts): Sides => ({
  canary: sideOf(canary.map(({ nowSeries, nowMedian }) => distancesFrom(nowSeries, nowMedian))),
  peers: sideOf(peers.map(({ nowSeries, nowMedian }) => distancesFrom(nowSeries, nowMedian))),
  past: sideOf(pasts.map((row) => distancesFrom(row, lowerMedianOf(row)))),
})

/** Whether the worst tenth of the patched hosts' samples is worse than that of both others. */
function reachesFurther({ canary, peers, pasts }: MetricHosts): boolean {
  const highOf = (rows: readonly Series[]) => {
    const highs = rows
      .filter(({ sorted }) => sorted.length > 0)
      .map(({ sorted }) => sorted[Math.floor(sorted.length * 0.9)] ?? 0)
    return highs.length === 0 ? Number.NEGATIVE_INFINITY : medianOf(highs)
  }
  const own = highOf(canary.map(({ nowSeries }) => nowSeries))
  return own > highOf(peers.map(({ nowSeries }) => nowSeries)) && own > highOf(pasts)
}

const worth = (count: number, rho: number) => effectiveCount(count, count, rho)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Rare events are counted over all hosts: of so many of each host, how many came after the patch. */
function ownEvents({ canary, pasts, isByHost }: MetricHosts): Comparison | undefined {
  const isKnown = isByHost && canary.every(({ past, now }) => past.length > 0 && now.length > 0)
  if (!isKnown || !areRare([...canary.map(({ nowSeries }) => nowSeries), ...pasts])) return undefined
  const sides = {
    canary: sideOf(canary.map(({ nowSeries }) => nowSeries)),
    other: sideOf(canary.map(({ pastSeries }) => pastSeries)),
  }
  const autocorrelation = cautiousAutocorrelation(sides.other.series)
  return { ...compareSides({ against: 'their own past', autocorrelation, ...sides }), smallestP: 0 }
}

/** Whether most samples are the best value there is. */
function areRare(rows: readonly Series[]): boolean {
  const best = rows.reduce((least, { sorted }) => Math.min(least, sorted[0] ?? least), Number.POSITIVE_INFINITY)
  let [count, all] = [0, 0]
  for (const { sorted } of rows) {
    all += sorted.length
    for (let index = 0; index < sorted.length && sorted[index] === best; index++) count++
  }
  return 2 * count > all
}

function ownComparison(views: Views): Comparison | undefined {
  const { canary, autocorrelation } = views
  const p = ownP(views, 'since')
  const shifts = canary.flatMap(({ since }) => (since === undefined ? [] : [since]))
  if (p === undefined) return undefined
  const effect = sum(shifts.map((shift) => shift.effect)) / shifts.length
  const effective = {
    canary: sum(shifts.map(({ count }) => worth(count, autocorrelation))),
    other: sum(shifts.map(({ others }) => worth(others, autocorrelation))),
  }
  return {
    against: 'their own past',
    by: 'hosts with themselves',
    p,
    pAdjusted: p,
    smallestP: 0,
    effect,
    interval: effectInterval(Math.max(-1, Math.min(1, effect)), effective.other, effective.canary),
    samples: sum(shifts.map(({ others }) => others)),
    effective,
  }
}

/** Peers with a past of their own are followed as the patched hosts are; else the levels of the two groups are compared. */
function peersComparison(hosts: MetricHosts, views: Views, hasPast: boolean): Comparison | undefined {
  const { canary, peers, deviation } = views
  const groups = groupsP(views)
  const followed = hasPast ? beyondPeersP(views, 'since') : undefined
  if (peers.length === 0 || (groups === undefined && followed === undefined)) return undefined
  const delta = (difference: number) =>
    difference === 0 ? 0 : 1 - 2 * normalTail(difference / (deviation * Math.SQRT2))
  const { difference, standardError } = groups ?? { difference: 0, standardError: Number.POSITIVE_INFINITY }
  const rare = rareEffect(hosts)
  const ends = [difference - 1.96 * standardError, difference + 1.96 * standardError] as const
  const p = followed ?? groups?.p ?? 1
  return {
    against: 'unpatched peers',
    by: followed === undefined ? 'hosts' : 'hosts with themselves',
    p,
    pAdjusted: p,
    smallestP: 0,
    effect: rare ?? delta(difference),
    interval: rare !== undefined || followed !== undefined ? [-1, rare ?? 1] : [delta(ends[0]), delta(ends[1])],
    samples: sum(peers.map(({ host }) => host.now.length)),
    effective: { canary: canary.length, other: peers.length },
  }
}

/** Of rare events, how much more often they befall patched hosts: Cliff's delta without ties. */
function rareEffect({ canary, peers }: MetricHosts): number | undefined {
  const rows = (hosts: readonly Host[]) => hosts.map(({ nowSeries }) => nowSeries)
  if (!areRare([...rows(canary), ...rows(peers)])) return undefined
  return rareEvents(sideOf(rows(canary)), sideOf(rows(peers)))?.effect
}

/** All tests of one metric at one look, each with its p and what it found. */

import { effectiveCount } from './autocorrelation.ts'
import { canRankHost } from './changes-in-level.ts'
import type { Comparison } from './compare.ts'
import { byHost, bySamples, distancesOf, levelsOf } from './comparisons.ts'
import { beyondPeersP, type HostP, movedHosts, outlyingHosts, ownP } from './host-tests.ts'
import type { MetricHosts } from './hosts.ts'
import { medianOf } from './median.ts'
import { outlyingSamples } from './outlying-samples.ts'
import type { Series } from './series.ts'
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
  const sampled = hosts.isByHost ? undefined : bySamples(hosts, levelsOf(hosts))
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

/** A host with a past is held against it; one without, or with one too short for ranks, against unpatched hosts. */
function sinceOf(views: Views): readonly HostP[] {
  const known = movedHosts(views, 'since')
  const canTell = known.length > 0 && views.canary.every(canRankHost)
  return canTell || (known.length > 0 && views.peers.length < outlyingPeersMin) ? known : outlyingHosts(views)
}

/** Unpatched hosts from which one more can be told. */
const outlyingPeersMin = 3

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

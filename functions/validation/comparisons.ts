/** The comparisons of a metric: patched hosts with unpatched ones and with their own past, sample by sample or host by host. */

import { cautiousAutocorrelation, effectiveCount } from './autocorrelation.ts'
import { canRankBoth, canRankOwn, followedMeansP, ownMeansP } from './changes-in-level.ts'
import { type Comparison, compareSides, rareEvents } from './compare.ts'
import { effectInterval } from './effect-interval.ts'
import { type EventGroups, eventRatesP, foretellNothing } from './event-rates.ts'
import { beyondPeersP, groupsP, ownP } from './host-tests.ts'
import type { Host, MetricHosts } from './hosts.ts'
import { normalTail } from './normal.ts'
import type { Side } from './samples.ts'
import { distancesFrom, lowerMedianOf, type Series } from './series.ts'
import { sideOf } from './side.ts'
import type { HostView, Views } from './views.ts'

/** One host a side tells nothing without a past; with one, its samples are held against those of the other as well. */
export function byHost(hosts: MetricHosts, views: Views): Comparison[] {
  const own = ownEvents(hosts) ?? ownComparison(views)
  const peers = peersComparison(hosts, views, own !== undefined)
  const sampled = own && !peers && hosts.peers.length > 0 ? bySamples(hosts, levelsOf(hosts)) : undefined
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

/** The samples of each side, and their distances from their own median. */
export const levelsOf = (hosts: MetricHosts) => sidesOf(hosts, ({ nowSeries }) => nowSeries)
export const distancesOf = ({ canary, peers, pasts }: MetricHosts): Sides => ({
  canary: sideOf(canary.map(({ nowSeries, nowMedian }) => distancesFrom(nowSeries, nowMedian))),
  peers: sideOf(peers.map(({ nowSeries, nowMedian }) => distancesFrom(nowSeries, nowMedian))),
  past: sideOf(pasts.map((row) => distancesFrom(row, lowerMedianOf(row)))),
})

/** Sample by sample, as if hosts did not differ: all that can be done where nobody says whose samples they are. */
export function bySamples({ isByHost }: MetricHosts, { canary, peers, past }: Sides) {
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
  const p = (canRankOwn(canary) ? undefined : ownMeansP(views)) ?? ownP(views, 'since')
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
  const followed = hasPast ? followedP(hosts, views) : undefined
  if (peers.length === 0 || (groups === undefined && followed === undefined)) return undefined
  const delta = (difference: number) =>
    difference === 0 ? 0 : 1 - 2 * normalTail(difference / (deviation * Math.SQRT2))
  const effects = followed === undefined ? undefined : followedEffect(views)
  const { difference, standardError } = groups ?? { difference: 0, standardError: Number.POSITIVE_INFINITY }
  const rare = rareEffect(hosts)
  const ends = [difference - 1.96 * standardError, difference + 1.96 * standardError] as const
  const p = followed ?? singlesP(hosts, 'nowSeries') ?? groups?.p ?? 1
  return {
    against: 'unpatched peers',
    by: followed === undefined ? 'hosts' : 'hosts with themselves',
    p,
    pAdjusted: p,
    smallestP: 0,
    effect: rare ?? effects?.effect ?? delta(difference),
    interval: rare === undefined ? (effects?.interval ?? [delta(ends[0]), delta(ends[1])]) : [-1, rare],
    samples: sum(peers.map(({ host }) => host.now.length)),
    effective: { canary: canary.length, other: peers.length },
  }
}

/**
 * Ranks follow hosts as long as they can tell; means do where the past is short. Rare events stay with their exact ranks,
 * or are counted as if there were no past, where the few before the patch foretell nothing and would only blur what came since.
 */
function followedP({ canary, peers, pasts }: MetricHosts, views: Views): number | undefined {
  const rows = [...canary, ...peers].map(({ nowSeries }) => nowSeries)
  const byRanks = beyondPeersP(views, 'since')
  if (byRanks !== undefined && foretellNothing(singlesOf({ canary, peers }, 'pastSeries'))) return undefined
  if (byRanks === undefined || canRankBoth(views) || areRare([...rows, ...pasts])) return byRanks
  return followedMeansP(views) ?? byRanks
}

/** How much more patched hosts moved than unpatched ones, as a difference of Cliff's deltas with its 95 % interval. */
function followedEffect({ canary, peers, autocorrelation }: Views): Pick<Comparison, 'effect' | 'interval'> {
  const shiftsOf = (side: readonly HostView[]) => side.flatMap(({ since }) => (since === undefined ? [] : [since]))
  const [ours, theirs] = [shiftsOf(canary), shiftsOf(peers)]
  const mean = (side: typeof ours) => sum(side.map(({ effect }) => effect)) / side.length
  const [own, other] = [mean(ours), mean(theirs)]
  const squares = (side: typeof ours, middle: number) => sum(side.map(({ effect }) => (effect - middle) ** 2))
  const chance = [...ours, ...theirs].map(
    ({ count, others }) => (1 / worth(count, autocorrelation) + 1 / worth(others, autocorrelation)) / 3,
  )
  const freedom = ours.length + theirs.length - 2
  const between = freedom < 1 ? 0 : (squares(ours, own) + squares(theirs, other)) / freedom
  const variance = Math.max(between, sum(chance) / chance.length)
  const reach = 1.96 * Math.sqrt(variance * (1 / ours.length + 1 / theirs.length))
  const within = (effect: number) => Math.max(-1, Math.min(1, effect))
  return { effect: within(own - other), interval: [within(own - other - reach), within(own - other + reach)] }
}

/** Of rare events, how much more often they befall patched hosts: Cliff's delta without ties. */
function rareEffect({ canary, peers }: MetricHosts): number | undefined {
  const rows = (hosts: readonly Host[]) => hosts.map(({ nowSeries }) => nowSeries)
  if (!areRare([...rows(canary), ...rows(peers)])) return undefined
  return rareEvents(sideOf(rows(canary)), sideOf(rows(peers)))?.effect
}

type Moment = 'nowSeries' | 'pastSeries'

/** p of rare events that come one at a time, counted host by host. */
function singlesP(hosts: Pick<MetricHosts, 'canary' | 'peers'>, moment: Moment): number | undefined {
  const singles = singlesOf(hosts, moment)
  return singles && eventRatesP(singles)
}

/** The events of each host; undefined: they are not rare, or come many at a time, or the samples are no counts. */
function singlesOf({ canary, peers }: Pick<MetricHosts, 'canary' | 'peers'>, moment: Moment): EventGroups | undefined {
  const rows = (hosts: readonly Host[]) => hosts.map((host) => host[moment]).filter(({ values }) => values.length > 0)
  const [ours, theirs] = [rows(canary), rows(peers)]
  const all = [...ours, ...theirs]
  if (!areRare(all) || !areSingle(all)) return undefined
  const eventsOf = ({ values }: Series) => ({ events: sum([...values]), samples: values.length })
  return { canary: ours.map(eventsOf), peers: theirs.map(eventsOf) }
}

/** Whether samples are counts, most of which are none, and most others one. */
function areSingle(rows: readonly Series[]): boolean {
  let [single, events] = [0, 0]
  for (const { sorted } of rows)
    for (const value of sorted) {
      if (value < 0 || !Number.isSafeInteger(value)) return false
      if (value > 0) events++
      if (value === 1) single++
    }
  return events === 0 || 2 * single > events
}

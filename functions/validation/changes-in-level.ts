/**
 * How far hosts moved where their past is too short for ranks: of a few samples before and after, complete separation is
 * soon reached and says no more, however far apart they are. Means go on telling.
 */
import { effectiveCount } from './autocorrelation.ts'
import { compareGroups, type HostMean } from './between.ts'
import { studentTail } from './student.ts'
import { type HostView, meanOf, type Views } from './views.ts'

/** A deviate that complete separation must be able to reach before ranks are taken, of all hosts and of one. */
const separationMin = { all: 5, one: 3.5 } as const

/** Whether ranks can tell patched hosts from their own past. */
export const canRankOwn = (canary: readonly HostView[]) =>
  sumOf(canary.map(({ separation }) => separation)) / Math.sqrt(Math.max(1, canary.length)) >= separationMin.all

/** Whether ranks can tell one host from its own past. */
export const canRankHost = ({ separation }: HostView) => separation >= separationMin.one

/** Whether ranks can tell how far patched hosts moved beyond unpatched ones. */
export const canRankBoth = ({ canary, peers }: Pick<Views, 'canary' | 'peers'>) =>
  sumOf(canary.map(({ separation }) => separation)) / canary.length / Math.sqrt(1 / canary.length + 1 / peers.length) >=
  separationMin.all

/** One host before and after, by means on the scale of the views. */
interface Pair {
  readonly index: number
  readonly now: number
  readonly past: number
  /** Of the two means, by the scatter of the host's samples, before and after together. */
  readonly nowVariance: number
  readonly pastVariance: number
  readonly freedom: number
}

function pairOf({ host, mean: now, past }: HostView, { autocorrelation, scale }: Views): Pair[] {
  const before = meanOf(host, past, { autocorrelation, scale })
  const [after, earlier] = [host.now.length, past.length]
  if (after < 1 || earlier < 1 || after + earlier < 3) return []
  const [nowWorth, pastWorth] = [worth(after, autocorrelation), worth(earlier, autocorrelation)]
  const squares = now.variance * nowWorth * (after - 1) + before.variance * pastWorth * (earlier - 1)
  const scatter = squares / (after + earlier - 2)
  return [
    {
      index: host.index,
      now: now.mean,
      past: before.mean,
      nowVariance: scatter / nowWorth,
      pastVariance: scatter / pastWorth,
      freedom: ((after + earlier - 2) * (nowWorth + pastWorth)) / (after + earlier),
    },
  ]
}

const worth = (count: number, rho: number) => effectiveCount(count, count, rho)
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
const meanValue = (values: readonly number[]) => sumOf(values) / values.length

/** One-sided p that patched hosts rose against their own past, by Student's t of paired means; undefined: too few samples. */
export function ownMeansP(views: Views): number | undefined {
  const pairs = views.canary.flatMap((view) => pairOf(view, views))
  if (pairs.length === 0) return undefined
  const rise = sumOf(pairs.map(({ now, past }) => now - past))
  const variance = sumOf(pairs.map(({ nowVariance, pastVariance }) => nowVariance + pastVariance))
  return tailOf(rise, Math.sqrt(variance), sumOf(pairs.map(({ freedom }) => freedom)))
}

interface AdjustedMean extends HostMean {
  /** Of its variance, in degrees. */
  readonly freedom: number
}

interface Adjusted {
  readonly canary: readonly AdjustedMean[]
  readonly peers: readonly AdjustedMean[]
}

/**
 * The levels of hosts with what their past foretells taken off: analysis of covariance. The slope is the reliability of
 * the past, from 0 (it says nothing of a host, as if there were none) to 1 (differences of differences).
 *
 * @see Frison and Pocock 1992, "Repeated measures in clinical trials: analysis using mean summary statistics and its
 *   implications for design", Statistics in Medicine 11(13)
 */
export function adjustedMeans(views: Views): Adjusted | undefined {
  const [canary, peers] = [views.canary, views.peers].map((side) => side.flatMap((view) => pairOf(view, views)))
  if (!canary?.length || !peers?.length) return undefined
  const slope = reliabilityOf([canary, peers])
  const adjusted = (side: readonly Pair[]) =>
    side.map(({ index, now, past, nowVariance, pastVariance, freedom }) => ({
      index,
      mean: now - slope * past,
      variance: nowVariance + slope * slope * pastVariance,
      freedom,
    }))
  return { canary: adjusted(canary), peers: adjusted(peers) }
}

/** The share of the scatter of past means that lasts, each group about its own mean; 1 where one host a side shows none. */
function reliabilityOf(groups: readonly (readonly Pair[])[]): number {
  const freedom = sumOf(groups.map(({ length }) => length - 1))
  if (freedom < 1) return 1
  const squares = groups.map((group) => {
    const mean = meanValue(group.map(({ past }) => past))
    return sumOf(group.map(({ past }) => (past - mean) ** 2))
  })
  const between = sumOf(squares) / freedom
  const within = meanValue(groups.flat().map(({ pastVariance }) => pastVariance))
  return between <= 0 ? 0 : Math.max(0, 1 - within / between)
}

/** Where nothing varies, any difference is one. */
function tailOf(difference: number, standardError: number, freedom: number): number {
  return difference === 0 ? 0.5 : studentTail(difference / standardError, freedom)
}

/** One-sided p that patched hosts rose by more than unpatched ones, by what their pasts let expect; undefined: too few samples. */
export function followedMeansP(views: Views): number | undefined {
  const adjusted = adjustedMeans(views)
  if (adjusted === undefined) return undefined
  const [ours, theirs] = [sideOf(adjusted.canary), sideOf(adjusted.peers)]
  const variance = ours.variance + theirs.variance
  const parts = ours.variance ** 2 / ours.freedom + theirs.variance ** 2 / theirs.freedom
  const plain = tailOf(ours.mean - theirs.mean, Math.sqrt(variance), parts === 0 ? 1 : variance ** 2 / parts)
  const groups = compareGroups(adjusted.canary, adjusted.peers)
  return groups === undefined || groups.hostDeviation === 0 ? plain : Math.max(plain, groups.p)
}

const sideOf = (hosts: readonly AdjustedMean[]) => ({
  mean: meanValue(hosts.map(({ mean }) => mean)),
  variance: meanValue(hosts.map(({ variance }) => variance)) / hosts.length,
  freedom: sumOf(hosts.map(({ freedom }) => freedom)),
})

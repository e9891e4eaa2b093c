/** The tests of hosts as units: all patched hosts together, and each of them. */
import { compareGroups, outliers } from './between.ts'
import { adjustedMeans } from './changes-in-level.ts'
import { medianOf } from './median.ts'
import { normalTail } from './normal.ts'
import type { Shift } from './scores.ts'
import { studentTail } from './student.ts'
import type { HostView, Views } from './views.ts'

/** Which of a host's comparisons with itself. */
export type Span = 'since' | 'newest' | 'recent' | 'newestAlone' | 'recentAlone'

/** From so many hosts on, their own scatter is measured as well. */
const scatterHostsMin = 6
/** Scales the distance of the lower quarter of normal samples from their median to their standard deviation. */
const normalScatter = 1.4826

const moved = (views: readonly HostView[], span: Span) =>
  views.flatMap((view) => {
    const shift = view[span]
    return shift === undefined ? [] : [{ view, shift }]
  })

/** One-sided p that all patched hosts together got worse against themselves: the van Elteren sum over hosts. */
export function ownP({ canary }: Views, span: Span): number | undefined {
  const shifts = moved(canary, span)
  return shifts.length === 0 ? undefined : normalTail(sumOf(shifts) / Math.sqrt(shifts.length))
}

const sumOf = (shifts: readonly { readonly shift: Shift }[]) => shifts.reduce((sum, { shift }) => sum + shift.z, 0)

const aloneSpans = { since: 'since', newest: 'newestAlone', recent: 'recentAlone' } as const

const havePast = (views: readonly HostView[]) => views.every(({ host }) => host.past.length > 0)

/**
 * The same against what unpatched hosts did in the same time: a wave of load takes all along. Both sides are held against
 * the same stretch of time, so that where peers have no past the patched hosts' past is left out too.
 */
export function beyondPeersP({ canary, peers }: Views, of: keyof typeof aloneSpans): number | undefined {
  const span = havePast(canary) && havePast(peers) ? of : aloneSpans[of]
  const [ours, theirs] = [moved(canary, span), moved(peers, span)]
  if (ours.length === 0 || theirs.length === 0) return undefined
  const [own, other] = [sumOf(ours) / ours.length, sumOf(theirs) / theirs.length]
  const share = 1 / ours.length + theirs.filter(({ shift }) => !shift.isConstant).length / theirs.length ** 2
  const squares = (all: typeof ours, mean: number) => all.reduce((sum, { shift }) => sum + (shift.z - mean) ** 2, 0)
  const freedom = ours.length + theirs.length - 2
  const plain = normalTail((own - other) / Math.sqrt(share))
  if (freedom < 1) return plain
  const scatter = Math.sqrt((squares(ours, own) + squares(theirs, other)) / freedom)
  if (scatter <= 1) return plain
  return Math.max(plain, studentTail((own - other) / (scatter * Math.sqrt(share)), freedom))
}

/** p that the patched hosts' level differs from that of unpatched hosts by more than hosts differ. */
export const groupsP = ({ canary, peers }: Views) => compareGroups(present(canary), present(peers))

const present = (views: readonly HostView[]) => views.filter(({ host }) => host.now.length > 0).map(({ mean }) => mean)

export interface HostP {
  readonly index: number
  readonly p: number
  readonly effect: number
}

/**
 * For each patched host that has a past, p that it got worse against itself and by more than hosts commonly moved: the
 * smaller of both deviates counts. What hosts have in common is the median; their scatter, no less than that of chance, is
 * that of the better half, which hosts that got worse do not widen.
 */
export function movedHosts({ canary, peers }: Views, span: Span): readonly HostP[] {
  const ours = moved(canary, span)
  const isAlike = havePast(canary) === havePast(peers)
  const all = isAlike ? [...ours, ...moved(peers, span)] : ours
  if (all.length < 2) return []
  const deviates = all.map(({ shift }) => shift.z)
  const middle = medianOf(deviates)
  const scatter =
    all.length < scatterHostsMin
      ? 1
      : Math.max(1, normalScatter * medianOf(deviates.filter((z) => z <= middle).map((z) => middle - z)))
  const doubt = Math.sqrt(1 + Math.PI / 2 / (all.length - 1))
  return ours.map(({ view, shift }, place) => {
    const common = all.length < scatterHostsMin ? medianOf(deviates.filter((_, index) => index !== place)) : middle
    const z = Math.min(shift.z, (shift.z - common) / (scatter * doubt))
    return { index: view.host.index, p: normalTail(z), effect: shift.effect }
  })
}

/** For each patched host p that it stands above the unpatched ones, as one more of them; of what their past foretells, if known. */
export function outlyingHosts(views: Views): readonly HostP[] {
  const adjusted = adjustedMeans(views)
  const ours = adjusted?.canary ?? present(views.canary)
  const all = adjusted?.peers ?? present(views.peers)
  return outliers(ours, all).map((p, place) => ({ index: ours[place]?.index ?? 0, p, effect: 1 }))
}

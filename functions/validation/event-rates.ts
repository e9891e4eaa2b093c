/** Rare events of two groups of hosts: of so many, how many fell to the patched hosts, hosts that differ allowed for. */
import { normalQuantile } from './normal.ts'
import { binomialTail, studentTail } from './student.ts'

/** A host's events in so many samples. */
export interface HostEvents {
  readonly events: number
  readonly samples: number
}

/** Of patched and of unpatched hosts. */
export interface EventGroups {
  readonly canary: readonly HostEvents[]
  readonly peers: readonly HostEvents[]
}

const sumOf = (hosts: readonly HostEvents[], of: keyof HostEvents) => hosts.reduce((sum, host) => sum + host[of], 0)

/**
 * One-sided p that events befall patched hosts more often; undefined: one host a side, whose difference nobody can judge.
 *
 * The mid-p of the binomial test of two Poisson rates, its deviate divided by how much more hosts scatter than chance lets
 * them, and held against Student's t, as that scatter is known from these hosts alone (quasi-likelihood).
 * @see Przyborowski and Wilenski 1940, Biometrika 31; McCullagh and Nelder 1989, "Generalized Linear Models", 9.2
 */
export function eventRatesP(groups: EventGroups): number | undefined {
  const { canary, peers } = groups
  const freedom = canary.length + peers.length - 2
  if (canary.length === 0 || peers.length === 0 || freedom < 1) return undefined
  const midP = ratesMidP(groups)
  return midP >= 0.5 ? midP : studentTail(normalQuantile(midP) / Math.sqrt(overdispersion(groups)), freedom)
}

function ratesMidP({ canary, peers }: EventGroups): number {
  const [ours, theirs] = [sumOf(canary, 'events'), sumOf(peers, 'events')]
  const samples = sumOf(canary, 'samples')
  const share = samples / (samples + sumOf(peers, 'samples'))
  if (ours === 0) return 1
  const more = theirs === 0 ? 0 : binomialTail(ours + theirs, share, ours + 1)
  return (binomialTail(ours + theirs, share, ours) + more) / 2
}

/** By how much hosts scatter more than chance lets them; 1 and more. */
const overdispersion = ({ canary, peers }: EventGroups) =>
  Math.max(1, (scatterOf(canary) + scatterOf(peers)) / (canary.length + peers.length - 2))

/** Pearson's sum of squares about the group's own rate; of no events what chance would make of some. */
function scatterOf(hosts: readonly HostEvents[]): number {
  const rate = sumOf(hosts, 'events') / sumOf(hosts, 'samples')
  if (!(rate > 0)) return hosts.length - 1
  return hosts.reduce((sum, { events, samples }) => sum + (events - rate * samples) ** 2 / (rate * samples), 0)
}

/** From this share of the scatter of past events that lasts on, hosts are followed from before to after. */
const reliabilityMin = 0.5
/** Below this p of the groups' pasts, patched hosts had more events than the others all along. */
const alikeP = 0.1

/** Whether the events before the patch say nothing of which hosts have more of them; undefined of none known. */
export function foretellNothing(past: EventGroups | undefined): boolean {
  const p = past && eventRatesP(past)
  if (past === undefined || p === undefined) return false
  return 1 - 1 / overdispersion(past) < reliabilityMin && p >= alikeP
}

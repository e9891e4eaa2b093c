/** What a judge without a past can still find, when hosts differ from each other. */
import { type Between, compareGroups, studentQuantile } from './between.ts'
import type { Views } from './views.ts'

/** The normal deviate of a chance of 90 %. */
const z90 = 1.2816
/** A shift of so many standard deviations of a host's samples must be findable before nothing found may be a pass. */
export const findableMax = 1
const hostsMax = 1000

export interface Detectable {
  /** Standard deviations of a host's own samples by which all patched hosts must shift to be found in nine of ten cases. */
  readonly shift: number
  /** Hosts a side with which a shift of one standard deviation would be found; absent: more than 1,000. */
  readonly hostsNeeded?: number
  /** Samples of each host with which it would be found; absent: no time helps, for the hosts themselves differ too much. */
  readonly samplesNeeded?: number
}

/** `threshold` is the p that the comparison must not exceed. */
export function detectable({ canary, peers, deviation }: Views, threshold: number): Detectable {
  const means = (views: Views['canary']) => views.filter(({ host }) => host.now.length > 0).map(({ mean }) => mean)
  const groups = compareGroups(means(canary), means(peers))
  if (groups === undefined) return { shift: Number.POSITIVE_INFINITY }
  const { standardError, freedom } = groups
  if (standardError === 0) return { shift: 0 }
  const needed = studentQuantile(threshold, freedom) + z90
  const shift = (needed * standardError) / deviation
  const samples = samplesOf({ ...groups, needed, deviation }, Math.max(...canary.map(({ host }) => host.now.length)))
  const found = { shift, ...(samples === undefined ? {} : { samplesNeeded: samples }) }
  const single = standardError / Math.sqrt(1 / canary.length + 1 / peers.length)
  for (let count = 2; count <= hostsMax; count++) {
    const ofCount = studentQuantile(threshold, 2 * count - 2) + z90
    if (ofCount * single * Math.sqrt(2 / count) <= findableMax * deviation) return { ...found, hostsNeeded: count }
  }
  return found
}

/** Samples of each host until only what sets hosts apart is left in the way, if that is little enough. */
function samplesOf(
  { standardError, hostShare, needed, deviation }: Between & { readonly needed: number; readonly deviation: number },
  samples: number,
): number | undefined {
  const most = ((findableMax * deviation) / needed) ** 2 - hostShare * standardError ** 2
  return most <= 0 ? undefined : Math.ceil((samples * (1 - hostShare) * standardError ** 2) / most)
}

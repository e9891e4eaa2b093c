/** The least time that jobs take when a number of them may be in work at once. */

import { fits, type Tries } from './packing.ts'

/** Sums of seconds are not exact; a value this little above a whole second counts as that second. */
const toleranceSeconds = 1e-6

/**
 * A bound for jobs, the longest first: the longest, all work over the places, and the jobs that must share a place.
 *
 * Of the q*k+1 longest jobs on k places, some place takes q+1: at best the q+1 shortest of them.
 */
export function placesBound(longestFirst: readonly number[], places: number): number {
  const count = longestFirst.length
  const sums = new Float64Array(count + 1)
  for (let at = 0; at < count; at++) sums[at + 1] = (sums[at] ?? 0) + (longestFirst[at] ?? 0)
  if (places < 1) return 0
  let most = Math.max(longestFirst[0] ?? 0, (sums[count] ?? 0) / places)
  for (let q = 1; q * places + 1 <= count; q++)
    most = Math.max(most, (sums[q * places + 1] ?? 0) - (sums[q * places - q] ?? 0))
  return most
}

/** The places of few jobs are packed in every way up to so many jobs, and jobs for each place. */
const packedJobsMax = 60
const jobsPerPlaceMax = 8

/** The same for few jobs, which a longer time may be proven to need: in whole seconds, every shorter one was tried. */
export function packedBound(longestFirst: readonly number[], places: number, tries: Tries): number {
  const least = placesBound(longestFirst, places)
  const count = longestFirst.length
  if (places < 2 || count <= places || count > packedJobsMax || count > jobsPerPlaceMax * places) return least
  const first = Math.ceil(least - toleranceSeconds) - 1
  let [low, high] = [first, Math.floor(2 * least)]
  while (low + 1 < high) {
    const middle = low + Math.ceil((high - low) / (low < least ? 64 : 2))
    const bins = Array.from({ length: places }, () => middle)
    if (fits(longestFirst, bins, tries) === 'no') low = middle
    else high = middle
  }
  return low > first ? low + 1.5 * toleranceSeconds : least
}

/** Where all times are whole seconds, some best schedule starts each host at a whole second. */
export const wholeSeconds = (seconds: number, isWhole: boolean): number =>
  isWhole ? Math.ceil(seconds - toleranceSeconds) : seconds

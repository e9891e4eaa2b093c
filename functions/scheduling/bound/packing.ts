/** Whether jobs fit into bins, by trying every way: a solver for what sums leave open. */

/** Ways tried before a question is given up that stands alone. */
const stepsMax = 200_000

/** Steps that are left to all questions together, and most for one of them. */
export interface Tries {
  left: number
  readonly most: number
}
/** Sums of seconds are not exact: jobs may exceed a bin by this. */
const slackSeconds = 2e-6

/** `unknown` where there are more ways than are tried. */
export function fits(
  jobs: readonly number[],
  bins: readonly number[],
  tries: Tries = { left: stepsMax, most: stepsMax },
): 'yes' | 'no' | 'unknown' {
  const longestFirst = jobs.toSorted((one, other) => other - one)
  const allowed = Math.min(tries.left, tries.most)
  const packing = new Packing(longestFirst, Float64Array.from(bins.toSorted((one, other) => one - other)), allowed)
  const found = packing.placeFrom(0, 0)
  tries.left -= packing.steps
  return found ? 'yes' : packing.steps > allowed ? 'unknown' : 'no'
}

class Packing {
  steps = 0
  private readonly stepsMax: number
  private readonly jobs: readonly number[]
  private readonly room: Float64Array
  /** Seconds of this job and all behind it. */
  private readonly left: Float64Array

  constructor(jobs: readonly number[], room: Float64Array, stepsMax: number) {
    this.stepsMax = stepsMax
    this.jobs = jobs
    this.room = room
    this.left = new Float64Array(jobs.length + 1)
    for (let at = jobs.length - 1; at >= 0; at--) this.left[at] = (this.left[at + 1] ?? 0) + (jobs[at] ?? 0)
  }

  /** Jobs that are alike go into bins in order: `from` is the first that is tried. */
  placeFrom(at: number, from: number): boolean {
    const { jobs, room } = this
    const job = jobs[at]
    if (job === undefined) return true
    if (++this.steps > this.stepsMax || this.usable() < (this.left[at] ?? 0) - slackSeconds) return false
    const tried = new Set<number>()
    for (let bin = from; bin < room.length; bin++) {
      const before = room[bin] ?? 0
      if (before < job - slackSeconds || tried.has(before)) continue
      tried.add(before)
      room[bin] = before - job
      const found = this.placeFrom(at + 1, jobs[at + 1] === job ? bin : 0)
      room[bin] = before
      if (found || this.steps > this.stepsMax) return found
    }
    return false
  }

  /** Room in bins that the shortest job fits into. */
  private usable(): number {
    const shortest = (this.jobs.at(-1) ?? 0) - slackSeconds
    return this.room.reduce((sum, room) => (room >= shortest ? sum + room : sum), 0)
  }
}

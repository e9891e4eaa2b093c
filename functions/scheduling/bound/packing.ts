/** Whether jobs fit into bins, by trying every way: a solver for what sums leave open. */

/** Ways tried before the question is given up. */
const stepsMax = 200_000
/** Sums of seconds are not exact. */
const slackSeconds = 1e-6

/** `unknown` where there are more ways than are tried. */
export function fits(jobs: readonly number[], bins: readonly number[]): 'yes' | 'no' | 'unknown' {
  const longestFirst = jobs.toSorted((one, other) => other - one)
  const packing = new Packing(longestFirst, Float64Array.from(bins.toSorted((one, other) => one - other)))
  const found = packing.placeFrom(0, 0)
  return found ? 'yes' : packing.steps > stepsMax ? 'unknown' : 'no'
}

class Packing {
  steps = 0
  private readonly jobs: readonly number[]
  private readonly room: Float64Array
  /** Seconds of this job and all behind it. */
  private readonly left: Float64Array

  constructor(jobs: readonly number[], room: Float64Array) {
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
    if (++this.steps > stepsMax || this.usable() < (this.left[at] ?? 0) - slackSeconds) return false
    const tried = new Set<number>()
    for (let bin = from; bin < room.length; bin++) {
      const before = room[bin] ?? 0
      if (before < job - slackSeconds || tried.has(before)) continue
      tried.add(before)
      room[bin] = before - job
      const found = this.placeFrom(at + 1, jobs[at + 1] === job ? bin : 0)
      room[bin] = before
      if (found || this.steps > stepsMax) return found
    }
    return false
  }

  /** Room in bins that the shortest job fits into. */
  private usable(): number {
    const shortest = (this.jobs.at(-1) ?? 0) - slackSeconds
    return this.room.reduce((sum, room) => (room >= shortest ? sum + room : sum), 0)
  }
}

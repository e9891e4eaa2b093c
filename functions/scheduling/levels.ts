/** Few hosts for the places of their limit: the order in which all places end level, by branch and bound. */
import type { Model } from './model.ts'

/** With more hosts than this, or more for each place, the longest first is level enough. */
const hostsMax = 60
const hostsPerPlaceMax = 8
/** Hosts placed for each kind while looking for a better order. */
const stepsMax = 4_000

/** The model's order, changed within each kind that is small enough. */
export function levelOrder({ kinds, hosts }: Model): Int32Array {
  const order = kinds.order.slice()
  for (let kind = 0; kind < kinds.count; kind++) {
    const own = order.subarray(kinds.first[kind], kinds.first[kind + 1])
    const places = kinds.limitOf
      .subarray(kinds.limitFirst[kind], kinds.limitFirst[kind + 1])
      .reduce((least, limit) => Math.min(least, kinds.limits.most[limit] ?? 1), Number.POSITIVE_INFINITY)
    const isSmall = own.length <= hostsMax && own.length > places && own.length <= hostsPerPlaceMax * places
    if (!isSmall || places < 2) continue
    const seconds = Float64Array.from(own, (host) => hosts.seconds[host] ?? 0)
    const starts = new Levels(seconds, places).starts()
    const sorted = [...own.keys()].sort((one, other) => (starts[one] ?? 0) - (starts[other] ?? 0) || one - other)
    own.set(sorted.map((at) => own[at] ?? 0))
  }
  return order
}

/** Jobs, the longest first, on places of which the last should end soon. */
export class Levels {
  private readonly seconds: Float64Array
  private readonly loads: Float64Array
  private readonly chosen: Int32Array
  private best: Int32Array
  private end = Number.POSITIVE_INFINITY
  private readonly least: number
  private steps = 0

  constructor(seconds: Float64Array, places: number) {
    this.seconds = seconds
    this.loads = new Float64Array(places)
    this.chosen = new Int32Array(seconds.length)
    this.best = this.chosen.slice()
    this.least = Math.max(seconds[0] ?? 0, seconds.reduce((sum, one) => sum + one, 0) / places)
  }

  /** When each job starts on its place. */
  starts(): Float64Array {
    this.branch(0, 0)
    const ends = new Float64Array(this.loads.length)
    return Float64Array.from(this.best, (place, job) => {
      const start = ends[place] ?? 0
      ends[place] = start + (this.seconds[job] ?? 0)
      return start
    })
  }

  /** The emptiest place first, so that the first end of the search is that of the longest first. */
  private branch(job: number, latest: number) {
    const seconds = this.seconds[job]
    if (seconds === undefined) {
      this.end = latest
      this.best = this.chosen.slice()
      return
    }
    const byLoad = [...this.loads.keys()].sort((one, other) => (this.loads[one] ?? 0) - (this.loads[other] ?? 0))
    let before = -1
    for (const place of byLoad) {
      const load = this.loads[place] ?? 0
      if (load + seconds >= this.end || this.end <= this.least || ++this.steps > stepsMax) return
      if (load === before) continue
      before = load
      this.loads[place] = load + seconds
      this.chosen[job] = place
      this.branch(job + 1, Math.max(latest, load + seconds))
      this.loads[place] = load
    }
  }
}

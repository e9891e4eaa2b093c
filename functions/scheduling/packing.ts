/**
 * Windows filled closely, place by place: of the hosts that are left, those that leave least of a window unused (minimum
 * bin slack). A pass in this order finds room where one that takes the longest host first does not.
 */
import type { Model } from './model.ts'
import type { Placed } from './pass.ts'

/** Sets of hosts tried for one place of a window. */
const stepsMax = 1_500
/** The share of a window that may stay unused without a search for a better fit, by variant. */
const unusedShares = [0.004, 0, 0.02, 0.001, 0.01, 0.04] as const
/** Differences of instants that are no whole numbers are not exact. */
const slackSeconds = 1e-9

/** Hosts that share windows and places. */
interface Lot {
  readonly group: number
  readonly hosts: readonly number[]
  readonly limits: readonly number[]
}

/**
 * When each host would start if the hosts of services with windows were packed into their places, behind what the
 * schedule opened them by, hosts of several services first; those of other services start as in the schedule.
 */
export function packedStarts(model: Model, placed: Placed, variant: number): Float64Array {
  const starts = placed.starts.map((start) => (start < 0 ? Number.MAX_SAFE_INTEGER : start))
  const taken = new Taken(model.kinds.limits.most)
  for (const { group, hosts, limits } of lotsOf(model, variant)) {
    const openings = model.openings[group]
    if (!openings) continue
    const packing = new Packing(model, hosts, unusedShares[variant % unusedShares.length] ?? 0)
    let from = Math.max(0, placed.openedAt[group] ?? 0)
    for (let at = 0; at < openings.starts.length && packing.isLeft; at++) {
      from = Math.max(from, openings.starts[at] ?? 0)
      const until = openings.ends[at] ?? 0
      for (let room = taken.roomOf(limits, from, until); room > 0 && packing.fill(from, until, starts); room--)
        taken.take(limits, from, until)
      from = Math.max(from, until)
    }
  }
  return starts
}

/** Places of limits that are taken for a time. */
class Taken {
  private readonly most: readonly number[]
  private readonly spans: { readonly from: number; readonly until: number }[][]

  constructor(most: readonly number[]) {
    this.most = most
    this.spans = most.map(() => [])
  }

  roomOf(limits: readonly number[], from: number, until: number): number {
    const isAt = (one: { readonly from: number; readonly until: number }) => one.from < until && from < one.until
    return limits.reduce(
      (least, limit) =>
        Math.min(
          least,
          (this.most[limit] ?? 0) - (this.spans[limit]?.reduce((sum, one) => sum + (isAt(one) ? 1 : 0), 0) ?? 0),
        ),
      Number.POSITIVE_INFINITY,
    )
  }

  take(limits: readonly number[], from: number, until: number) {
    for (const limit of limits) this.spans[limit]?.push({ from, until })
  }
}

/** In odd variants zones are left out. */
function lotsOf({ kinds, groups, openings, hosts }: Model, variant: number): Lot[] {
  const lots = new Map<string, { group: number; hosts: number[]; limits: number[] }>()
  for (let kind = 0; kind < kinds.count; kind++) {
    const group = kinds.groupOf[kind] ?? 0
    if (!openings[group]) continue
    const all = [...kinds.limitOf.subarray(kinds.limitFirst[kind], kinds.limitFirst[kind + 1])]
    const limits = variant % 2 === 0 ? all : all.filter((limit) => limit < kinds.limits.servicesCount)
    const own = kinds.order.subarray(kinds.first[kind], kinds.first[kind + 1])
    const key = limits.join(' ')
    const lot = lots.get(key)
    if (lot) for (const host of own) lot.hosts.push(host)
    else lots.set(key, { group, hosts: [...own], limits })
  }
  const sizeOf = (lot: Lot) => groups[lot.group]?.length ?? 1
  const workOf = (lot: Lot) => lot.hosts.reduce((sum, host) => sum + (hosts.seconds[host] ?? 0), 0)
  const works = new Map([...lots.values()].map((lot) => [lot, workOf(lot)]))
  return [...lots.values()].sort(
    (one, other) => sizeOf(other) - sizeOf(one) || (works.get(other) ?? 0) - (works.get(one) ?? 0),
  )
}

class Packing {
  private readonly seconds: Float64Array
  private readonly lengths: Float64Array
  private readonly unusedShare: number
  /** The longest first. */
  private left: number[]
  private steps = 0
  private best: number[] = []
  private leastUnused = 0

  constructor({ hosts }: Model, own: readonly number[], unusedShare: number) {
    this.seconds = hosts.seconds
    this.lengths = hosts.lengths
    this.unusedShare = unusedShare
    this.left = own.toSorted((one, other) => this.secondsOf(other) - this.secondsOf(one) || one - other)
  }

  get isLeft(): boolean {
    return this.left.length > 0
  }

  /**
   * Takes the hosts that fill one place of a window, with the longest that fits, and sets when each would start; false
   * where none fits.
   */
  fill(from: number, until: number, starts: Float64Array): boolean {
    const room = until - from
    const first = this.firstWithin(0, room)
    const host = this.left[first]
    if (host === undefined) return false
    this.steps = 0
    this.best = []
    this.leastUnused = Number.POSITIVE_INFINITY
    this.search([first], first + 1, room - this.secondsOf(host), this.unusedShare * room)
    let at = from
    for (const place of this.best) {
      const next = this.left[place] ?? 0
      starts[next] = at
      at += this.secondsOf(next)
    }
    const taken = new Set(this.best)
    this.left = this.left.filter((_, place) => !taken.has(place))
    return true
  }

  private secondsOf(host: number): number {
    return this.seconds[host] ?? 0
  }

  /** Whether the room that stays is little enough. */
  private search(chosen: number[], from: number, room: number, enough: number): boolean {
    if (room < this.leastUnused) {
      this.leastUnused = room
      this.best = [...chosen]
    }
    if (this.leastUnused <= enough) return true
    let before = -1
    for (let at = this.firstWithin(from, room); at < this.left.length; at++) {
      if (++this.steps > stepsMax) return true
      const seconds = this.secondsOf(this.left[at] ?? 0)
      if (seconds === before) continue
      before = seconds
      chosen.push(at)
      const isEnough = this.search(chosen, at + 1, room - seconds, enough)
      chosen.pop()
      if (isEnough) return true
    }
    return false
  }

  /** The first place from here on whose host is no longer than the room. */
  private firstWithin(from: number, room: number): number {
    let [low, high] = [from, this.left.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.lengths[this.left[middle] ?? 0] ?? 0) <= room + slackSeconds) high = middle
      else low = middle + 1
    }
    return low
  }
}

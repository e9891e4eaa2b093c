/**
 * One pass of the planner: driven by events, each host starts at the first instant that every limit allows, the most
 * urgent kind first.
 */
import { Downloads } from './downloads.ts'
import { TimeQueue, UrgencyQueue } from './heaps.ts'
import type { Model } from './model.ts'
import { Places } from './places.ts'
import { Turns } from './turns.ts'

/** Priorities among hosts that could start: restarts vary them. */
export interface Ranking {
  /** Hosts of each kind in the order in which they are taken. */
  readonly order: Int32Array
  /** The host's place among those of other kinds: the higher first. */
  readonly rank: Float64Array
  /** For each service, seconds that must pass after its last host ended; without it rank alone decides. */
  readonly tails?: Float64Array
  /**
   * A place is kept for a host of several services from hosts that are less urgent by more than this many times the
   * wait for its other places.
   */
  readonly patience: number
}

export interface Placed {
  readonly starts: Float64Array
  readonly makespan: number
  /** When each barrier was passed. */
  readonly doneAt: Float64Array
  /** When each set of services had all that it depends on done. */
  readonly openedAt: Float64Array
  /** Hosts that found no place. */
  readonly missing: readonly number[]
}

export const place = (model: Model, ranking: Ranking): Placed => new Pass(model, ranking).run()

class Pass {
  private readonly model: Model
  private readonly ranking: Ranking
  private readonly turns: Turns
  private readonly places: Places
  private readonly downloads: Downloads
  private now = 0
  private slots: number
  private nextReboot = 0
  private makespan = 0
  private readonly starts: Float64Array
  private readonly doneAt: Float64Array
  private readonly openedAt: Float64Array
  /** By barrier: hosts that must end; by set of services: barriers that it waits for. */
  private readonly hostsLeft: Int32Array
  private readonly waitsLeft: Int32Array
  private readonly keys: Float64Array
  private readonly ties: Float64Array
  private readonly ready: UrgencyQueue
  private readonly timers = new TimeQueue()
  private readonly ends = new TimeQueue()
  /** By kind: 1 while it waits for the end of any host that one of its own is in conflict with. */
  private readonly isBehind: Uint8Array

  constructor(model: Model, ranking: Ranking) {
    const { kinds, gates, hosts, groups } = model
    this.model = model
    this.ranking = ranking
    this.slots = model.concurrency
    this.starts = new Float64Array(hosts.ids.length).fill(-1)
    this.doneAt = new Float64Array(gates.hostCounts.length)
    this.openedAt = new Float64Array(groups.length).fill(-1)
    this.hostsLeft = gates.hostCounts.slice()
    this.waitsLeft = gates.waits.slice()
    this.keys = new Float64Array(kinds.count)
    this.ties = new Float64Array(kinds.count)
    this.isBehind = new Uint8Array(kinds.count)
    this.ready = new UrgencyQueue(this.keys, this.ties)
    this.turns = new Turns(model, ranking.order)
    this.places = new Places(model, ranking.patience, this.keys, this.ties)
    this.downloads = new Downloads(model, this.keys, this.ties)
    this.waitsLeft.forEach((waits, group) => {
      if (waits === 0) this.open(group)
    })
  }

  run(): Placed {
    do this.startAll()
    while (this.advance() || this.releaseAll())
    const { starts, makespan, doneAt, openedAt } = this
    const missing: number[] = []
    starts.forEach((start, host) => {
      if (start < 0) missing.push(host)
    })
    return { starts, makespan, doneAt, openedAt, missing }
  }

  private startAll() {
    while (this.slots > 0 && this.now >= this.nextReboot && this.ready.size > 0) {
      const kind = this.ready.pop()
      const before = this.keys[kind] ?? 0
      this.rate(kind)
      const key = this.keys[kind] ?? 0
      // Urgency only falls, so a kind that is still ahead of the next is ahead of all.
      if (key < before && this.ready.size > 0 && key < this.ready.highest) this.ready.push(kind)
      else this.serve(kind)
    }
  }

  /** Starts the next host of a kind, or leaves the kind where it waits; then whoever may follow is called. */
  private serve(kind: number) {
    const { limitFirst, limitOf } = this.model.kinds
    const isDownloading = this.places.admits(kind) && this.tryStart(kind)
    for (let at = limitFirst[kind] ?? 0; at < (limitFirst[kind + 1] ?? 0); at++) this.callFrom(limitOf[at] ?? 0)
    const next = isDownloading ? -1 : this.downloads.next(kind)
    if (next >= 0) this.ready.push(next)
  }

  /** Whether the kind's own download must be waited for. */
  private tryStart(kind: number): boolean {
    const { found, behind, opensAt } = this.turns.next(kind, this.now)
    if (found >= 0) {
      const there = this.downloads.thereAt(kind, found, this.now)
      if (there === Number.POSITIVE_INFINITY) return false
      if (there > this.now) {
        this.timers.push(kind, there)
        return true
      }
      this.start(kind, found)
      if (this.turns.has(kind)) {
        this.rate(kind)
        this.ready.push(kind)
      }
    } else if (behind >= 0) this.isBehind[kind] = 1
    else if (opensAt < Number.POSITIVE_INFINITY) this.timers.push(kind, opensAt)
    return false
  }

  private start(kind: number, host: number) {
    const seconds = this.model.hosts.seconds[host] ?? 0
    const end = this.now + seconds
    this.starts[host] = this.now
    if (end > this.makespan) this.makespan = end
    this.ends.push(host, end)
    this.slots--
    this.nextReboot = this.now + this.model.rebootGap
    this.places.take(kind, seconds)
    this.downloads.take(host)
    this.turns.take(kind, host)
  }

  /** Goes to the next instant at which something changes; false where nothing will. */
  private advance(): boolean {
    const reboot = this.slots > 0 && this.ready.size > 0 ? this.nextReboot : Number.POSITIVE_INFINITY
    const next = Math.min(this.ends.earliest, this.timers.earliest, reboot)
    if (next === Number.POSITIVE_INFINITY) return false
    this.now = next
    while (this.ends.earliest <= next) this.finish(this.ends.pop())
    while (this.timers.earliest <= next) {
      const kind = this.timers.pop()
      this.rate(kind)
      this.ready.push(kind)
    }
    return true
  }

  /** Nothing is in work and nothing will change, except for kept places. */
  private releaseAll(): boolean {
    if (!this.places.releaseAll()) return false
    for (let limit = 0; limit < this.model.kinds.limits.most.length; limit++) this.callFrom(limit)
    return true
  }

  private finish(host: number) {
    const { kinds, hosts, gates } = this.model
    const kind = kinds.kindOfHost[host] ?? 0
    this.slots++
    this.turns.end(host)
    for (let at = kinds.limitFirst[kind] ?? 0; at < (kinds.limitFirst[kind + 1] ?? 0); at++) {
      const limit = kinds.limitOf[at] ?? 0
      this.places.give(limit)
      this.callFrom(limit)
    }
    this.wakeBehind(host)
    for (const barrier of gates.closes[hosts.groups[host] ?? 0] ?? []) {
      const left = (this.hostsLeft[barrier] ?? 0) - 1
      this.hostsLeft[barrier] = left
      if (left === 0) this.close(barrier)
    }
  }

  private wakeBehind(host: number) {
    for (const partner of this.model.conflicts.get(host) ?? []) {
      const kind = this.model.kinds.kindOfHost[partner] ?? 0
      if (this.isBehind[kind] === 0) continue
      this.isBehind[kind] = 0
      this.ready.push(kind)
    }
  }

  private callFrom(limit: number) {
    const next = this.places.next(limit)
    if (next >= 0) this.ready.push(next)
  }

  private close(barrier: number) {
    this.doneAt[barrier] = this.now
    for (const group of this.model.gates.opens[barrier] ?? []) {
      const left = (this.waitsLeft[group] ?? 0) - 1
      this.waitsLeft[group] = left
      if (left === 0) this.open(group)
    }
  }

  private open(group: number) {
    this.openedAt[group] = this.now
    for (const kind of this.model.kinds.ofGroup[group] ?? []) {
      this.rate(kind)
      this.ready.push(kind)
    }
  }

  /** Urgency: seconds to the end if everything after it went as fast as its limits allow. */
  private rate(kind: number) {
    const { limitFirst, limitOf, limits, groupOf } = this.model.kinds
    const host = this.turns.first(kind)
    const seconds = this.model.hosts.seconds[host] ?? 0
    const { tails, rank } = this.ranking
    if (!tails) {
      this.keys[kind] = rank[host] ?? 0
      this.ties[kind] = seconds
      return
    }
    let key = 0
    for (let at = limitFirst[kind] ?? 0; at < (limitFirst[kind + 1] ?? 0); at++) {
      const limit = limitOf[at] ?? 0
      const own = Math.max(seconds, (this.places.secondsLeft[limit] ?? 0) / (limits.most[limit] ?? 1))
      key = Math.max(key, own + (tails[limits.serviceOf[limit] ?? 0] ?? 0))
    }
    this.keys[kind] = key
    this.ties[kind] = (this.model.groups[groupOf[kind] ?? 0]?.length ?? 1) * rankMax + (rank[host] ?? 0)
  }
}

/** Above every rank, so that what serves most services goes first. */
const rankMax = 2 ** 33

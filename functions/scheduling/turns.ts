/** The next host of a kind: the first in order that fits the opening and has no conflict. */
import { TimeQueue } from './heaps.ts'
import type { Model } from './model.ts'

export interface Turn {
  /** The host that may go, or -1. */
  found: number
  /** 0 where each host that could otherwise start is in conflict with one in work, else -1. */
  behind: number
  /** When the next opening starts. */
  opensAt: number
}

/** Differences of instants that are no whole numbers are not exact. */
const slackSeconds = 1e-9

export class Turns {
  private readonly model: Model
  private readonly order: Int32Array
  /** By kind: the first place in the order that is not taken, and the end. */
  private readonly heads: Int32Array
  /** By place: the next place that is not taken; kept for kinds whose hosts are taken out of order. */
  private readonly later: Int32Array
  /** By kind: the opening that `cursors` is for, and the first place that may still fit into it. */
  private readonly openings: Int32Array
  private readonly cursors: Int32Array
  private readonly inWork: Uint8Array
  /**
   * By kind with conflicts and without windows: places before the kind's cursor whose hosts waited and now wait for nobody.
   */
  private readonly back: (TimeQueue | undefined)[]
  /** By host in work: places of the hosts that wait for it. */
  private readonly waiting = new Map<number, number[]>()
  private readonly turn: Turn = { found: -1, behind: -1, opensAt: 0 }
  private foundAt = -1

  constructor(model: Model, order: Int32Array) {
    const { kinds } = model
    this.model = model
    this.order = order
    this.heads = kinds.first.slice(0, kinds.count)
    const isPlain = model.isPlain.every((plain) => plain === 1)
    this.later = isPlain ? new Int32Array() : Int32Array.from({ length: order.length + 1 }, (_, place) => place)
    this.openings = new Int32Array(kinds.count).fill(-1)
    this.cursors = this.heads.slice()
    this.inWork = new Uint8Array(model.conflicts.size > 0 ? order.length : 0)
    this.back = kinds.groupOf.map((group, kind) => {
      if (model.isPlain[kind] === 1 || model.openings[group]) return undefined
      return new TimeQueue()
    })
  }

  has(kind: number): boolean {
    return (this.heads[kind] ?? 0) < (this.model.kinds.first[kind + 1] ?? 0)
  }

  /** The host that stands first in the kind. */
  first(kind: number): number {
    return this.order[this.heads[kind] ?? 0] ?? -1
  }

  next(kind: number, now: number): Turn {
    const { turn } = this
    turn.behind = -1
    turn.opensAt = Number.POSITIVE_INFINITY
    if (this.model.isPlain[kind] === 1) {
      this.foundAt = this.heads[kind] ?? 0
      turn.found = this.order[this.foundAt] ?? -1
      return turn
    }
    const back = this.back[kind]
    if (back) this.searchFree(kind, back)
    else this.search(kind, now)
    return turn
  }

  /** Takes the host that `next` found. */
  take(kind: number, host: number) {
    if (this.inWork.length > 0) this.inWork[host] = 1
    if (this.model.isPlain[kind] === 1) {
      this.heads[kind] = this.foundAt + 1
      return
    }
    const back = this.back[kind]
    if (back) this.leave(kind, back)
    this.later[this.foundAt] = this.foundAt + 1
    this.heads[kind] = this.untaken(this.heads[kind] ?? 0)
  }

  /** Hosts that waited for this one are looked at again. */
  end(host: number) {
    if (this.inWork.length > 0) this.inWork[host] = 0
    const places = this.waiting.get(host)
    if (!places) return
    this.waiting.delete(host)
    for (const place of places) {
      const kind = this.model.kinds.kindOfHost[this.order[place] ?? 0] ?? 0
      this.back[kind]?.push(place, place)
    }
  }

  /** Hosts in conflict with one in work stand aside until it ends. */
  private searchFree(kind: number, back: TimeQueue) {
    const { turn } = this
    turn.found = -1
    for (let place = this.nearest(kind, back); place < Number.POSITIVE_INFINITY; place = this.nearest(kind, back)) {
      const host = this.order[place] ?? 0
      const behind = this.partnerInWork(this.model.conflicts.get(host))
      if (behind < 0) {
        this.foundAt = place
        turn.found = host
        return
      }
      this.leave(kind, back)
      const list = this.waiting.get(behind)
      if (list) list.push(place)
      else this.waiting.set(behind, [place])
    }
    // A kind that is asked has hosts left: all of them wait.
    turn.behind = 0
  }

  /** The first place of the kind whose host is neither taken nor known to wait. */
  private nearest(kind: number, back: TimeQueue): number {
    const cursor = this.cursors[kind] ?? 0
    const ahead = cursor < (this.model.kinds.first[kind + 1] ?? 0) ? cursor : Number.POSITIVE_INFINITY
    return Math.min(ahead, back.earliest)
  }

  private leave(kind: number, back: TimeQueue) {
    const cursor = this.cursors[kind] ?? 0
    if (back.earliest < cursor) back.pop()
    else this.cursors[kind] = cursor + 1
  }

  private search(kind: number, now: number) {
    const { kinds, hosts, conflicts } = this.model
    const { turn } = this
    turn.found = -1
    const room = this.roomOf(kind, now)
    const end = kinds.first[kind + 1] ?? 0
    let isFirst = true
    for (let place = this.untaken(this.cursors[kind] ?? 0); place < end; place = this.untaken(place + 1)) {
      const host = this.order[place] ?? 0
      const fits = (hosts.lengths[host] ?? 0) <= room + slackSeconds
      // Room only shrinks until the next opening, so what does not fit now is not looked at again before.
      if (!fits && isFirst) this.cursors[kind] = place + 1
      if (!fits) continue
      isFirst = false
      const behind = this.partnerInWork(conflicts.get(host))
      if (behind < 0) {
        this.foundAt = place
        turn.found = host
        turn.behind = -1
        return
      }
      turn.behind = 0
    }
  }

  private partnerInWork(partners: readonly number[] | undefined): number {
    if (partners) for (const partner of partners) if (this.inWork[partner] === 1) return partner
    return -1
  }

  /** Seconds until the present opening ends; sets when the next one starts. */
  private roomOf(kind: number, now: number): number {
    const openings = this.model.openings[this.model.kinds.groupOf[kind] ?? 0]
    if (!openings) return Number.POSITIVE_INFINITY
    const { starts, ends } = openings
    let at = this.openings[kind] ?? -1
    while (at + 1 < starts.length && (starts[at + 1] ?? 0) <= now) at++
    if (at !== this.openings[kind]) {
      this.openings[kind] = at
      this.cursors[kind] = this.heads[kind] ?? 0
    }
    this.turn.opensAt = starts[at + 1] ?? Number.POSITIVE_INFINITY
    return at < 0 ? Number.NEGATIVE_INFINITY : (ends[at] ?? 0) - now
  }

  /** The first place from here on that is not taken. */
  private untaken(place: number): number {
    const { later } = this
    let found = place
    while ((later[found] ?? found) !== found) found = later[found] ?? found
    for (let at = place; at !== found; ) {
      const next = later[at] ?? found
      later[at] = found
      at = next
    }
    return found
  }
}

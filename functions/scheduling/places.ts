/** Places that the limits leave: how many are in work under each, who waits for one, and for whom one is kept. */
import { UrgencyQueue } from './heaps.ts'
import type { Model } from './model.ts'

export class Places {
  /** By limit: seconds of work not yet begun. */
  readonly secondsLeft: Float64Array
  private readonly model: Model
  private readonly patience: number
  private readonly keys: Float64Array
  private readonly ties: Float64Array
  private readonly inWork: Int32Array
  /** By limit: kinds for which it has no room. */
  private readonly parked: (UrgencyQueue | undefined)[] = []
  /** By limit: the kind for which a place is kept, or -1, and the urgency up to which others must leave it. */
  private readonly holders: Int32Array
  private readonly holdKeys: Float64Array
  /** By kind: 1 for hosts of several services. */
  private readonly isShared: Uint8Array

  constructor(model: Model, patience: number, keys: Float64Array, ties: Float64Array) {
    const { kinds, groups } = model
    this.model = model
    this.patience = patience
    this.keys = keys
    this.ties = ties
    this.secondsLeft = kinds.limits.seconds.slice()
    this.inWork = new Int32Array(kinds.limits.most.length)
    this.holders = new Int32Array(kinds.limits.most.length).fill(-1)
    this.holdKeys = new Float64Array(kinds.limits.most.length)
    this.isShared = Uint8Array.from(kinds.groupOf, (group) => ((groups[group]?.length ?? 1) > 1 ? 1 : 0))
  }

  /** Whether one more of the kind may go; if not, the kind waits here until `next` calls it. */
  admits(kind: number): boolean {
    if (this.isShared[kind] === 1) this.release(kind)
    const full = this.fullLimit(kind)
    if (full < 0) return true
    const queue = this.parked[full] ?? new UrgencyQueue(this.keys, this.ties)
    this.parked[full] = queue
    if (this.isShared[kind] === 1 && (queue.size === 0 || queue.highest <= (this.keys[kind] ?? 0)))
      this.holdOthers(kind, full)
    queue.push(kind)
    return false
  }

  take(kind: number, seconds: number) {
    const { limitFirst, limitOf } = this.model.kinds
    for (let at = limitFirst[kind] ?? 0; at < (limitFirst[kind + 1] ?? 0); at++) {
      const limit = limitOf[at] ?? 0
      this.inWork[limit] = (this.inWork[limit] ?? 0) + 1
      this.secondsLeft[limit] = (this.secondsLeft[limit] ?? 0) - seconds
    }
  }

  give(limit: number) {
    this.inWork[limit] = (this.inWork[limit] ?? 0) - 1
  }

  /** The kind that comes back where a limit has room again, or -1; it calls the next when it has been served. */
  next(limit: number): number {
    const queue = this.parked[limit]
    if (!queue || queue.size === 0) return -1
    const room = this.roomOf(limit)
    const isKept = room === 1 && (this.holders[limit] ?? -1) >= 0 && (this.holdKeys[limit] ?? 0) > queue.highest
    return room <= 0 || isKept ? -1 : queue.pop()
  }

  /** Gives up all places that are kept; false where there are none. */
  releaseAll(): boolean {
    const isAnyKept = this.holders.some((holder) => holder >= 0)
    this.holders.fill(-1)
    return isAnyKept
  }

  private roomOf(limit: number): number {
    return (this.model.kinds.limits.most[limit] ?? 0) - (this.inWork[limit] ?? 0)
  }

  private fullLimit(kind: number): number {
    const { limitFirst, limitOf } = this.model.kinds
    for (let at = limitFirst[kind] ?? 0; at < (limitFirst[kind + 1] ?? 0); at++) {
      const limit = limitOf[at] ?? 0
      const room = this.roomOf(limit)
      if (room <= 0 || (room === 1 && this.isKeptFrom(limit, kind))) return limit
    }
    return -1
  }

  private isKeptFrom(limit: number, kind: number): boolean {
    const holder = this.holders[limit] ?? -1
    return holder >= 0 && holder !== kind && (this.holdKeys[limit] ?? 0) > (this.keys[kind] ?? 0)
  }

  /** Hosts of several services need room in all at once: what is next in line at a full service keeps a place in its others. */
  private holdOthers(kind: number, full: number) {
    const { limitFirst, limitOf, limits } = this.model.kinds
    const holdKey = (this.keys[kind] ?? 0) - this.patience * (limits.gaps[full] ?? 0)
    for (let at = limitFirst[kind] ?? 0; at < (limitFirst[kind + 1] ?? 0); at++) {
      const limit = limitOf[at] ?? 0
      const isTaken = (this.holders[limit] ?? -1) >= 0 && (this.holdKeys[limit] ?? 0) >= holdKey
      if (limits.serviceOf[limit] === limits.serviceOf[full] || isTaken || this.roomOf(limit) <= 0) continue
      this.holders[limit] = kind
      this.holdKeys[limit] = holdKey
    }
  }

  private release(kind: number) {
    const { limitFirst, limitOf } = this.model.kinds
    for (let at = limitFirst[kind] ?? 0; at < (limitFirst[kind + 1] ?? 0); at++) {
      const limit = limitOf[at] ?? 0
      if (this.holders[limit] === kind) this.holders[limit] = -1
    }
  }
}

/** Downloads: those of a site follow each other from the beginning on, in the order in which their hosts start. */
import { UrgencyQueue } from './heaps.ts'
import { roundUp } from './hosts.ts'
import type { Model } from './model.ts'

export class Downloads {
  private readonly model: Model
  /** By site: bytes of all hosts that started. */
  private readonly bytes: Float64Array
  /** By site: the kind whose next host is being downloaded to, or -1, and the kinds behind it. */
  private readonly heads: Int32Array
  private readonly waiting: UrgencyQueue[]

  constructor(model: Model, keys: Float64Array, ties: Float64Array) {
    this.model = model
    this.bytes = new Float64Array(model.siteRates.length)
    this.heads = new Int32Array(model.siteRates.length).fill(-1)
    this.waiting = model.siteRates.map(() => new UrgencyQueue(keys, ties))
  }

  /** When the download to a kind's next host is there; infinite behind another kind, until `next` calls. */
  thereAt(kind: number, host: number, now: number): number {
    const { hosts, siteRates } = this.model
    const site = hosts.sites[host] ?? -1
    if (site < 0) return now
    const head = this.heads[site] ?? -1
    if (head >= 0 && head !== kind) {
      this.waiting[site]?.push(kind)
      return Number.POSITIVE_INFINITY
    }
    const there = ((this.bytes[site] ?? 0) + (hosts.bytes[host] ?? 0)) / (siteRates[site] ?? 1)
    if (there <= now) return now
    // The most urgent keeps its place: what could be there sooner would make it wait.
    this.heads[site] = kind
    return roundUp(there)
  }

  take(host: number) {
    const site = this.model.hosts.sites[host] ?? -1
    if (site >= 0) this.bytes[site] = (this.bytes[site] ?? 0) + (this.model.hosts.bytes[host] ?? 0)
  }

  /** A kind of this site has been served and does not wait for its own download: the kind that may ask next, or -1. */
  next(kind: number): number {
    const site = this.model.kinds.siteOf[kind] ?? -1
    if (site < 0) return -1
    if (this.heads[site] === kind) this.heads[site] = -1
    return this.heads[site] === -1 ? (this.waiting[site]?.pop() ?? -1) : -1
  }
}

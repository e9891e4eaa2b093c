/** Where a schedule in the making stands: what is in work now, what is done, and when something changes next. */
import type { PlanningProblem } from './problem.ts'
import { zoneLimit } from './schedule-refusal.ts'

type Host = PlanningProblem['hosts'][number]
type Service = PlanningProblem['services'][number]

/** Hosts that are alike to every limit, so that one that may not start speaks for all. */
export interface HostClass {
  readonly key: string
  readonly services: readonly string[]
  /** Services that must be done before any host of the class starts. */
  readonly behind: readonly string[]
  /** The longest first. */
  readonly hosts: readonly Host[]
  next: number
}

interface Standing {
  readonly service: Service
  /** Window starts in order. */
  readonly opensSeconds: readonly number[]
  hostsLeft: number
  workLeftSeconds: number
  inWork: number
  readonly inWorkByZone: Map<string, number>
}

interface Busy {
  readonly host: Host
  readonly endSeconds: number
}

/** Half a microsecond: sums of seconds are not exact. */
const slackSeconds = 5e-7

export class Progress {
  nowSeconds = 0
  private readonly problem: PlanningProblem
  private readonly standing: ReadonlyMap<string, Standing>
  private readonly conflicts = new Map<string, Set<string>>()
  private readonly inWork = new Set<string>()
  /** In order of their end. */
  private busy: Busy[] = []
  private readonly bytesBySite = new Map<string, number>()
  private lastStartSeconds = Number.NEGATIVE_INFINITY

  constructor(problem: PlanningProblem, services: ReadonlyMap<string, Service>) {
    this.problem = problem
    this.standing = standingOf(problem, services)
    for (const [left, right] of problem.conflicts) {
      this.conflicts.set(left, (this.conflicts.get(left) ?? new Set()).add(right))
      this.conflicts.set(right, (this.conflicts.get(right) ?? new Set()).add(left))
    }
  }

  /** Work left of a service over the hosts that it may have down. */
  secondsLeft(id: string): number {
    const one = this.standing.get(id)
    return one ? one.workLeftSeconds / one.service.maxUnavailable : 0
  }

  /** Whether everything that the class depends on is done. */
  isFree({ behind }: HostClass): boolean {
    return behind.every((id) => (this.standing.get(id)?.hostsLeft ?? 0) === 0)
  }

  mayStart(host: Host, one: HostClass): boolean {
    return (
      this.busy.length < this.problem.concurrency &&
      this.isFree(one) &&
      one.services.every((id) => this.hasRoom(id, host)) &&
      ![...(this.conflicts.get(host.id) ?? [])].some((other) => this.inWork.has(other)) &&
      this.fetchedSeconds(host) <= this.nowSeconds + slackSeconds &&
      this.rebootSeconds() <= this.nowSeconds + slackSeconds
    )
  }

  /** Puts a host to work now; returns when it ends. */
  begin(host: Host): number {
    const endSeconds = this.nowSeconds + host.durationSeconds
    const at = this.busy.findLastIndex((other) => other.endSeconds <= endSeconds) + 1
    this.busy.splice(at, 0, { host, endSeconds })
    this.inWork.add(host.id)
    this.lastStartSeconds = this.nowSeconds
    this.bytesBySite.set(host.site, (this.bytesBySite.get(host.site) ?? 0) + host.bytes)
    for (const id of new Set(host.services)) this.count(id, host, 1)
    return endSeconds
  }

  /** Goes to the next instant at which something changes; false where nothing will. */
  advance(waiting: readonly HostClass[]): boolean {
    const later = [...this.instants(waiting)].filter((seconds) => seconds > this.nowSeconds + slackSeconds)
    if (later.length === 0) return false
    this.nowSeconds = Math.min(...later)
    while (this.busy[0] && this.busy[0].endSeconds <= this.nowSeconds + slackSeconds) {
      const [done] = this.busy.splice(0, 1)
      if (done) this.finish(done.host)
    }
    return true
  }

  private finish(host: Host) {
    this.inWork.delete(host.id)
    for (const id of new Set(host.services)) {
      this.count(id, host, -1)
      const one = this.standing.get(id)
      if (one) one.hostsLeft--
    }
  }

  private count(id: string, host: Host, by: 1 | -1) {
    const one = this.standing.get(id)
    if (!one) return
    one.inWork += by
    one.inWorkByZone.set(host.zone, (one.inWorkByZone.get(host.zone) ?? 0) + by)
    if (by === 1) one.workLeftSeconds -= host.durationSeconds
  }

  private hasRoom(id: string, { zone, durationSeconds }: Host): boolean {
    const one = this.standing.get(id)
    if (!one || one.inWork >= one.service.maxUnavailable) return false
    if ((one.inWorkByZone.get(zone) ?? 0) >= zoneLimit(one.service, zone)) return false
    return (
      one.service.windows?.some(
        ({ startSeconds, endSeconds }) =>
          startSeconds <= this.nowSeconds && this.nowSeconds + durationSeconds <= endSeconds,
      ) ?? true
    )
  }

  /** When the host's download can be there, behind those that started before it. */
  private fetchedSeconds({ site, bytes }: Host): number {
    const rate = this.problem.bandwidthBytesPerSecond[site]
    return rate === undefined ? 0 : ((this.bytesBySite.get(site) ?? 0) + bytes) / rate
  }

  private rebootSeconds(): number {
    const { rebootsPerSecond } = this.problem
    return rebootsPerSecond === undefined ? 0 : this.lastStartSeconds + 1 / rebootsPerSecond
  }

  private *instants(waiting: readonly HostClass[]) {
    if (this.busy[0]) yield this.busy[0].endSeconds
    yield this.rebootSeconds()
    for (const { hosts, next, services } of waiting) {
      const host = hosts[next]
      if (host) yield this.fetchedSeconds(host)
      for (const id of services) {
        const opens = this.standing.get(id)?.opensSeconds.find((seconds) => seconds > this.nowSeconds + slackSeconds)
        if (opens !== undefined) yield opens
      }
    }
  }
}

function standingOf(problem: PlanningProblem, services: ReadonlyMap<string, Service>): ReadonlyMap<string, Standing> {
  const standing = new Map(
    [...services].map(([id, service]): [string, Standing] => [
      id,
      {
        service,
        opensSeconds: (service.windows ?? []).map(({ startSeconds }) => startSeconds).sort((one, other) => one - other),
        hostsLeft: 0,
        workLeftSeconds: 0,
        inWork: 0,
        inWorkByZone: new Map(),
      },
    ]),
  )
  // In the order of their ids, because sums of seconds depend on it.
  for (const host of problem.hosts.toSorted((one, other) => (one.id < other.id ? -1 : 1)))
    for (const id of new Set(host.services)) {
      const one = standing.get(id)
      if (!one) continue
      one.hostsLeft++
      one.workLeftSeconds += host.durationSeconds
    }
  return standing
}

/** A problem sorted for the bounds: hosts by the set of services that they serve, and what each set waits for. */
import type { PlanningProblem } from '../problem.ts'
import type { Tries } from './packing.ts'

type Host = PlanningProblem['hosts'][number]
type Service = PlanningProblem['services'][number]

/** Hosts of the same services; they have the same head and tail. */
export interface HostGroup {
  readonly services: readonly number[]
  /** Services that must be done before any of its hosts starts. */
  readonly behind: readonly number[]
  /** The longest first. */
  readonly hosts: readonly Host[]
  readonly workSeconds: number
  readonly workByZone: ReadonlyMap<string, number>
}

export interface BoundFleet {
  readonly services: readonly Service[]
  readonly groups: readonly HostGroup[]
  readonly groupOf: ReadonlyMap<string, HostGroup>
  /** By service: the groups that serve it. */
  readonly serving: readonly (readonly HostGroup[])[]
  /** Services, each behind all for which one of its hosts waits. */
  readonly order: readonly number[]
  /** What packings of few hosts may cost in all. */
  readonly tries: Tries
  /** Whether every instant of some best schedule is a whole second. */
  readonly isWhole: boolean
}

/**
 * Beyond this many entries no group lists what stands below a service that itself waits for all of that: the bounds stay
 * true and get weaker, and the depth of the dependencies costs no square.
 */
const entriesMax = 200_000
const triesMax = 2_000_000

export function boundFleetOf(problem: PlanningProblem): BoundFleet {
  const { services } = problem
  const numbers = new Map(services.map(({ id }, index) => [id, index]))
  const direct = services.map(({ dependsOn }) => [...new Set(dependsOn.flatMap((id) => numbers.get(id) ?? []))])
  const bySet = new Map<string, Host[]>()
  const longestFirst = problem.hosts.toSorted((one, other) => other.durationSeconds - one.durationSeconds)
  for (const host of longestFirst) {
    const key = host.services.length === 1 ? `=${host.services[0]}` : JSON.stringify(host.services.toSorted())
    const list = bySet.get(key)
    if (list) list.push(host)
    else bySet.set(key, [host])
  }
  const reach = new Reach(direct)
  for (const [{ services: own } = { services: [] }] of bySet.values())
    reach.addHosts(own.flatMap((id) => numbers.get(id) ?? []))
  const groups = [...bySet.values()].map((hosts): HostGroup => {
    const own = [...new Set(hosts[0]?.services ?? [])].flatMap((id) => numbers.get(id) ?? [])
    const workByZone = new Map<string, number>()
    for (const { zone, durationSeconds } of hosts) workByZone.set(zone, (workByZone.get(zone) ?? 0) + durationSeconds)
    return {
      services: own,
      behind: reach.behind(own),
      hosts,
      workSeconds: hosts.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
      workByZone,
    }
  })
  const serving = services.map((): HostGroup[] => [])
  for (const group of groups) for (const service of group.services) serving[service]?.push(group)
  return {
    services,
    groups,
    groupOf: new Map(groups.flatMap((group) => group.hosts.map(({ id }) => [id, group] as const))),
    serving,
    order: orderOf(serving),
    tries: { left: triesMax, most: 5_000 },
    isWhole: isWholeIn(problem),
  }
}

/** Walks from services to what they depend on. */
class Reach {
  private readonly direct: readonly (readonly number[])[]
  private readonly isHosted: Uint8Array
  /** By service: 1 where one of its hosts serves nothing that could stand below it, and so waits for all of that. */
  private readonly isPure: Uint8Array
  /** By service: how many stand below it on the longest path. */
  private readonly levels: Int32Array
  /** By service: the last walk that came by. */
  private readonly walks: Int32Array
  private walk = 0
  private entries = 0

  constructor(direct: readonly (readonly number[])[]) {
    this.direct = direct
    this.isHosted = new Uint8Array(direct.length)
    this.isPure = new Uint8Array(direct.length)
    this.levels = levelsOf(direct)
    this.walks = new Int32Array(direct.length)
  }

  addHosts(own: readonly number[]) {
    const levelOf = (service: number) => this.levels[service] ?? 0
    const least = own.reduce((low, service) => Math.min(low, levelOf(service)), Number.POSITIVE_INFINITY)
    for (const service of own) {
      this.isHosted[service] = 1
      if (levelOf(service) === least) this.isPure[service] = 1
    }
  }

  /** The hosted services that hosts of these wait for: all, or once there are too many, those that imply the others. */
  behind(own: readonly number[]): number[] {
    const { direct, isHosted, isPure, walks } = this
    const isShort = this.entries > entriesMax
    const walk = ++this.walk
    const found: number[] = []
    const open = [...own]
    for (let service = open.pop(); service !== undefined; service = open.pop())
      for (const next of direct[service] ?? []) {
        if (walks[next] === walk) continue
        walks[next] = walk
        const isWaitedFor = isHosted[next] === 1 && !own.includes(next)
        if (isWaitedFor) found.push(next)
        if (!(isShort && isWaitedFor && isPure[next] === 1)) open.push(next)
      }
    this.entries += found.length
    return found
  }
}

function levelsOf(direct: readonly (readonly number[])[]): Int32Array {
  const levels = new Int32Array(direct.length)
  for (const service of behindFirst(direct))
    for (const next of direct[service] ?? []) levels[service] = Math.max(levels[service] ?? 0, (levels[next] ?? 0) + 1)
  return levels
}

const orderOf = (serving: readonly (readonly HostGroup[])[]): number[] =>
  behindFirst(serving.map((groups) => [...new Set(groups.flatMap(({ behind }) => behind))]))

/** Services in cycles are left out: no schedule exists, so no bound is needed. */
function behindFirst(before: readonly (readonly number[])[]): number[] {
  const after = before.map((): number[] => [])
  before.forEach((list, service) => {
    for (const next of list) after[next]?.push(service)
  })
  const missing = before.map(({ length }) => length)
  const order = missing.flatMap((count, service) => (count === 0 ? [service] : []))
  for (let at = 0; at < order.length; at++)
    for (const next of after[order[at] ?? 0] ?? []) {
      const left = (missing[next] ?? 0) - 1
      missing[next] = left
      if (left === 0) order.push(next)
    }
  return order
}

const isWholeIn = ({ hosts, services, bandwidthBytesPerSecond, rebootsPerSecond }: PlanningProblem) =>
  Object.keys(bandwidthBytesPerSecond).length === 0 &&
  rebootsPerSecond === undefined &&
  hosts.every(({ durationSeconds }) => Number.isInteger(durationSeconds)) &&
  services.every(({ windows }) => windows?.every(({ startSeconds }) => Number.isInteger(startSeconds)) ?? true)

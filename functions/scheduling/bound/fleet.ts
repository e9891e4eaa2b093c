/** A problem sorted for the bounds: hosts by the set of services that they serve, and what each set waits for. */
import type { PlanningProblem } from '../problem.ts'

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
  /** Whether every instant of some best schedule is a whole second. */
  readonly isWhole: boolean
}

/**
 * Beyond this many steps through the dependencies only the direct ones are followed: the bounds stay true and get
 * weaker.
 */
const stepsMax = 20_000_000

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
  const hosted = new Set(problem.hosts.flatMap((host) => host.services.flatMap((id) => numbers.get(id) ?? [])))
  let steps = 0
  const groups = [...bySet.values()].map((hosts): HostGroup => {
    const own = [...new Set(hosts[0]?.services ?? [])].flatMap((id) => numbers.get(id) ?? [])
    const reached = steps < stepsMax ? reach(own, direct) : own.flatMap((service) => direct[service] ?? [])
    steps += reached.length
    const workByZone = new Map<string, number>()
    for (const { zone, durationSeconds } of hosts) workByZone.set(zone, (workByZone.get(zone) ?? 0) + durationSeconds)
    return {
      services: own,
      behind: reached.filter((service) => hosted.has(service) && !own.includes(service)),
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
    isWhole: isWholeIn(problem),
  }
}

function reach(from: readonly number[], direct: readonly (readonly number[])[]): number[] {
  const found = new Set<number>()
  const open = [...from]
  for (let service = open.pop(); service !== undefined; service = open.pop())
    for (const next of direct[service] ?? []) {
      if (found.has(next)) continue
      found.add(next)
      open.push(next)
    }
  return [...found]
}

/** Services in cycles are left out: no schedule exists, so no bound is needed. */
function orderOf(serving: readonly (readonly HostGroup[])[]): number[] {
  const before = serving.map((groups) => new Set(groups.flatMap(({ behind }) => behind)))
  const after = serving.map((): number[] => [])
  before.forEach((list, service) => {
    for (const next of list) after[next]?.push(service)
  })
  const missing = before.map(({ size }) => size)
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

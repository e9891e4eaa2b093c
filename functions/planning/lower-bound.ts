/** Seconds that no schedule can beat; simple bounds, sharing nothing with the planner. */
import type { PlanningProblem } from './problem.ts'

type Host = PlanningProblem['hosts'][number]
type Service = PlanningProblem['services'][number]

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
const most = (numbers: readonly number[]) => numbers.reduce((largest, one) => Math.max(largest, one), 0)

/** A bound for hosts of which `limit` may be in work at once: their work over the limit, and the jobs that must share a place. */
function boundOf(durations: readonly number[], limit: number): number {
  const sorted = durations.toSorted((left, right) => right - left)
  if (sorted.length === 0 || limit < 1) return 0
  // Of the q*k+1 longest jobs, some place holds q+1: at best the q+1 shortest of them.
  const rounds = Math.floor((sorted.length - 1) / limit)
  let shared = 0
  for (let q = 1; q <= rounds; q++) {
    const longest = sorted.slice(0, q * limit + 1)
    shared = Math.max(shared, sum(longest.slice(-(q + 1))))
    if (rounds > 64 && q >= 64) break
  }
  return Math.max(most(sorted), sum(sorted) / limit, shared)
}

const durationsOf = (hosts: readonly Host[]) => hosts.map(({ durationSeconds }) => durationSeconds)

function serviceBound(service: Service, hosts: readonly Host[]): number {
  const { maxUnavailable, maxUnavailablePerZone: perZone } = service
  const zones = [...Map.groupBy(hosts, ({ zone }) => zone)].map(([zone, group]) => {
    const limit = typeof perZone === 'object' ? (perZone[zone] ?? 0) : (perZone ?? maxUnavailable)
    return boundOf(durationsOf(group), limit)
  })
  return Math.max(boundOf(durationsOf(hosts), maxUnavailable), most(zones))
}

/** The longest path through the dependencies, each service as long as its hosts that no dependency shares need. */
function chainBound({ services, hosts }: PlanningProblem): number {
  const byId = new Map(services.map((service) => [service.id, service]))
  const done = new Map<string, { readonly seconds: number; readonly below: ReadonlySet<string> }>()
  const visit = (
    id: string,
    path: readonly string[],
  ): { readonly seconds: number; readonly below: ReadonlySet<string> } => {
    const known = done.get(id)
    const service = byId.get(id)
    if (known) return known
    if (!service || path.includes(id)) return { seconds: 0, below: new Set() }
    const before = service.dependsOn.map((next) => ({ next, ...visit(next, [...path, id]) }))
    const below = new Set(before.flatMap((one) => [one.next, ...one.below]))
    const own = hosts.filter((host) => host.services.includes(id))
    const behind = own.filter((host) => !host.services.some((one) => below.has(one)))
    const seconds = Math.max(
      serviceBound(service, own),
      most(before.map((one) => one.seconds)) + serviceBound(service, behind),
    )
    done.set(id, { seconds, below })
    return { seconds, below }
  }
  return most(services.map(({ id }) => visit(id, []).seconds))
}

/** When a host can be done at the earliest, whatever the others do. */
function aloneBound({ durationSeconds, services: own }: Host, services: ReadonlyMap<string, Service>): number {
  return most(
    own.map((id) => {
      const ends = (services.get(id)?.windows ?? [{ startSeconds: 0, endSeconds: Number.POSITIVE_INFINITY }])
        .filter(({ startSeconds, endSeconds }) => startSeconds + durationSeconds <= endSeconds)
        .map(({ startSeconds }) => Math.max(0, startSeconds) + durationSeconds)
      return ends.length === 0 ? 0 : Math.min(...ends)
    }),
  )
}

/** The largest of the bounds: concurrency, each service over what it may have down, the dependency chain, conflicts, downloads, reboots, windows. */
export function lowerBoundSeconds(problem: PlanningProblem): number {
  const { hosts, concurrency, conflicts, bandwidthBytesPerSecond, rebootsPerSecond } = problem
  if (hosts.length === 0) return 0
  const services = new Map(problem.services.map((service) => [service.id, service]))
  const durations = new Map(hosts.map(({ id, durationSeconds }) => [id, durationSeconds]))
  const shortest = (group: readonly Host[]) => Math.min(...durationsOf(group))
  const sites = [...Map.groupBy(hosts, ({ site }) => site)].map(([site, group]) => {
    const rate = bandwidthBytesPerSecond[site]
    return rate === undefined ? 0 : sum(group.map(({ bytes }) => bytes)) / rate + shortest(group)
  })
  const pairs = conflicts.map(([left, right]) => {
    const [one, other] = [durations.get(left), durations.get(right)]
    return one === undefined || other === undefined ? 0 : one + other
  })
  return Math.max(
    boundOf(durationsOf(hosts), concurrency),
    chainBound(problem),
    most(sites),
    most(pairs),
    rebootsPerSecond === undefined ? 0 : (hosts.length - 1) / rebootsPerSecond + shortest(hosts),
    most(hosts.map((host) => aloneBound(host, services))),
  )
}

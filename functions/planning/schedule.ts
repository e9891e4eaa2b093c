/** A list scheduler: each host starts at the first instant that every limit allows, most constrained first. No waves, no barriers. */
import { findCycle } from '../catalogue/index.ts'
import type { PlanningProblem, Schedule } from './problem.ts'

type Host = PlanningProblem['hosts'][number]
type Service = PlanningProblem['services'][number]

interface Busy {
  readonly host: Host
  readonly endSeconds: number
}

const byText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)

/** Schedules; the order of the problem's lists does not matter. Downloads and reboot rates are left to the optimised planner. */
export function schedule(problem: PlanningProblem): Schedule {
  const services = new Map(problem.services.map((service) => [service.id, service]))
  const refusal = refuse(problem, services)
  if (refusal) return refusal
  const depth = depths(problem.services)
  const rank = (host: Host) => Math.min(...host.services.map((id) => depth.get(id) ?? 0))
  const slack = (host: Host) => Math.min(...host.services.map((id) => services.get(id)?.maxUnavailable ?? 0))
  const waiting = problem.hosts.toSorted(
    (left, right) =>
      rank(left) - rank(right) ||
      (left.dueSeconds ?? Number.POSITIVE_INFINITY) - (right.dueSeconds ?? Number.POSITIVE_INFINITY) ||
      slack(left) - slack(right) ||
      right.services.length - left.services.length ||
      right.durationSeconds - left.durationSeconds ||
      byText(left.id, right.id),
  )
  return run(problem, services, waiting)
}

function run(problem: PlanningProblem, services: ReadonlyMap<string, Service>, order: readonly Host[]): Schedule {
  const start: Record<string, number> = {}
  const conflicts = conflictsOf(problem.conflicts)
  const left = new Map<string, number>()
  for (const host of order) for (const id of host.services) left.set(id, (left.get(id) ?? 0) + 1)
  let waiting = [...order]
  let busy: Busy[] = []
  let now = 0
  let makespanSeconds = 0
  while (waiting.length > 0) {
    const stay: Host[] = []
    for (const host of waiting) {
      if (busy.length >= problem.concurrency || !mayStart(host, { busy, services, left, conflicts, now })) {
        stay.push(host)
        continue
      }
      start[host.id] = now
      busy.push({ host, endSeconds: now + host.durationSeconds })
      makespanSeconds = Math.max(makespanSeconds, now + host.durationSeconds)
    }
    waiting = stay
    if (waiting.length === 0) break
    const next = nextInstant(busy, waiting, services, now)
    if (next === undefined)
      return {
        infeasible: 'no window is long enough or left for these hosts',
        names: waiting.map(({ id }) => id).sort(byText),
      }
    now = next
    for (const { host } of busy.filter(({ endSeconds }) => endSeconds <= now))
      for (const id of host.services) left.set(id, (left.get(id) ?? 1) - 1)
    busy = busy.filter(({ endSeconds }) => endSeconds > now)
  }
  return { start, makespanSeconds }
}

interface Moment {
  readonly busy: readonly Busy[]
  readonly services: ReadonlyMap<string, Service>
  /** Hosts of each service not finished yet. */
  readonly left: ReadonlyMap<string, number>
  readonly conflicts: ReadonlyMap<string, ReadonlySet<string>>
  readonly now: number
}

function mayStart(host: Host, { busy, services, left, conflicts, now }: Moment): boolean {
  if (busy.some((other) => conflicts.get(host.id)?.has(other.host.id))) return false
  return host.services.every((id) => {
    const service = services.get(id)
    if (!service) return false
    const own = busy.filter((other) => other.host.services.includes(id))
    if (own.length >= service.maxUnavailable) return false
    if (
      service.maxUnavailablePerZone !== undefined &&
      own.filter((other) => other.host.zone === host.zone).length >= service.maxUnavailablePerZone
    )
      return false
    if (service.dependsOn.some((dependency) => !host.services.includes(dependency) && (left.get(dependency) ?? 0) > 0))
      return false
    return (
      service.windows === undefined ||
      service.windows.some((window) => window.startSeconds <= now && now + host.durationSeconds <= window.endSeconds)
    )
  })
}

function nextInstant(
  busy: readonly Busy[],
  waiting: readonly Host[],
  services: ReadonlyMap<string, Service>,
  now: number,
): number | undefined {
  const ends = busy.map(({ endSeconds }) => endSeconds)
  const opens = waiting.flatMap((host) =>
    host.services.flatMap((id) => services.get(id)?.windows?.map(({ startSeconds }) => startSeconds) ?? []),
  )
  const later = [...ends, ...opens].filter((instant) => instant > now)
  return later.length === 0 ? undefined : Math.min(...later)
}

function refuse(
  problem: PlanningProblem,
  services: ReadonlyMap<string, Service>,
): Extract<Schedule, { infeasible: string }> | undefined {
  const unknown = [...new Set(problem.hosts.flatMap((host) => host.services).filter((id) => !services.has(id)))].sort(
    byText,
  )
  if (unknown.length > 0) return { infeasible: 'hosts name services that the problem does not hold', names: unknown }
  const cycle = findCycle(new Map(problem.services.map(({ id, dependsOn }) => [id, dependsOn])))
  if (cycle) return { infeasible: `services depend on each other in a circle: ${cycle.join(' -> ')}`, names: cycle }
  const stuck = [
    ...new Set(
      problem.hosts.flatMap((host) =>
        host.services.filter(
          (id) => services.get(id)?.maxUnavailable === 0 || services.get(id)?.maxUnavailablePerZone === 0,
        ),
      ),
    ),
  ].sort(byText)
  if (stuck.length > 0) return { infeasible: 'minimum healthy leaves nothing to take down', names: stuck }
  return undefined
}

/** How many services stand below each in the dependency graph; what is depended on comes first. */
function depths(services: readonly Service[]): Map<string, number> {
  const dependsOn = new Map(services.map(({ id, dependsOn: ids }) => [id, ids]))
  const depth = new Map<string, number>()
  const of = (id: string): number => {
    const known = depth.get(id)
    if (known !== undefined) return known
    const value = Math.max(0, ...(dependsOn.get(id) ?? []).map((next) => of(next) + 1))
    depth.set(id, value)
    return value
  }
  for (const { id } of services) of(id)
  return depth
}

function conflictsOf(pairs: PlanningProblem['conflicts']): Map<string, Set<string>> {
  const conflicts = new Map<string, Set<string>>()
  for (const [left, right] of pairs) {
    conflicts.set(left, (conflicts.get(left) ?? new Set()).add(right))
    conflicts.set(right, (conflicts.get(right) ?? new Set()).add(left))
  }
  return conflicts
}

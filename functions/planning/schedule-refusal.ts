/** What makes a planning problem impossible before any host is placed. */
import { findCycle } from '../catalogue/index.ts'
import type { PlanningProblem, Schedule } from './problem.ts'

type Host = PlanningProblem['hosts'][number]
type Service = PlanningProblem['services'][number]
export type Infeasible = Extract<Schedule, { infeasible: string }>

const byText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)
const distinct = (names: readonly string[]) => [...new Set(names)].sort(byText)
const twice = (names: readonly string[]) => distinct(names.filter((name, index) => names.indexOf(name) !== index))

/** Hosts of a zone that may be in work at once; a zone that the service does not name may not be touched. */
export function zoneLimit({ maxUnavailablePerZone }: Service, zone: string): number {
  if (maxUnavailablePerZone === undefined) return Number.POSITIVE_INFINITY
  if (typeof maxUnavailablePerZone === 'number') return maxUnavailablePerZone
  return Object.hasOwn(maxUnavailablePerZone, zone) ? (maxUnavailablePerZone[zone] ?? 0) : 0
}

/** B40: the first reason why no schedule can exist, with the names that cause it. */
export function refusalOf(problem: PlanningProblem, services: ReadonlyMap<string, Service>): Infeasible | undefined {
  const { hosts } = problem
  const refuse = (infeasible: string, names: readonly string[]) =>
    names.length > 0 ? { infeasible, names } : undefined
  const used = (test: (host: Host, service: Service) => boolean) =>
    distinct(
      hosts.flatMap((host) =>
        host.services.filter((id) => {
          const service = services.get(id)
          return service !== undefined && test(host, service)
        }),
      ),
    )
  return (
    refuse('the same id stands twice', twiceIn(problem)) ??
    refuse(
      'hosts name services that the problem does not hold',
      distinct(hosts.flatMap((host) => host.services)).filter((id) => !services.has(id)),
    ) ??
    circle(problem) ??
    refuse(
      'minimum healthy leaves nothing to take down',
      used((host, service) => service.maxUnavailable === 0 || zoneLimit(service, host.zone) === 0),
    ) ??
    refuse(
      'these hosts are in conflict with themselves',
      distinct(problem.conflicts.flatMap(([left, right]) => (left === right ? [left] : []))),
    )
  )
}

const twiceIn = ({ hosts, services }: PlanningProblem) =>
  distinct([
    ...(new Set(hosts.map(({ id }) => id)).size === hosts.length ? [] : twice(hosts.map(({ id }) => id))),
    ...twice(services.map(({ id }) => id)),
  ])

function circle({ services }: PlanningProblem): Infeasible | undefined {
  const names = findCycle(new Map(services.map(({ id, dependsOn }) => [id, dependsOn])))
  return names && { infeasible: `services depend on each other in a circle: ${names.join(' -> ')}`, names }
}

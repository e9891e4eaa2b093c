/** A list scheduler driven by events: each host starts at the first instant that every limit allows, critical services first. No waves, no barriers. */
import { dependenciesFirst, reach, reversed } from './dependencies.ts'
import type { PlanningProblem, Schedule } from './problem.ts'
import { type HostClass, Progress } from './schedule-progress.ts'
import { type Infeasible, refusalOf } from './schedule-refusal.ts'

type Host = PlanningProblem['hosts'][number]
type Service = PlanningProblem['services'][number]

const byText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)

/**
 * A schedule that keeps every limit of the problem, or the reason why there is none.
 *
 * The order of the problem's lists does not matter: ties end at the host's id.
 */
export function schedule(problem: PlanningProblem): Schedule {
  const services = new Map(
    problem.services.toSorted((one, other) => byText(one.id, other.id)).map((one) => [one.id, one]),
  )
  return refusalOf(problem, services) ?? place(problem, services)
}

function place(problem: PlanningProblem, services: ReadonlyMap<string, Service>): Schedule {
  let waiting = classesOf(problem, services)
  const tails = tailsOf(problem, services)
  const progress = new Progress(problem, services)
  const start = new Map<string, number>()
  let makespanSeconds = 0
  while (waiting.length > 0) {
    for (const one of byUrgency(waiting, progress, tails)) {
      for (let host = one.hosts[one.next]; host && progress.mayStart(host, one); host = one.hosts[++one.next]) {
        start.set(host.id, progress.nowSeconds)
        makespanSeconds = Math.max(makespanSeconds, progress.begin(host))
      }
    }
    waiting = waiting.filter(({ hosts, next }) => next < hosts.length)
    if (waiting.length > 0 && !progress.advance(waiting)) return stuck(waiting, progress)
  }
  return { start: Object.fromEntries([...start].toSorted(([one], [other]) => byText(one, other))), makespanSeconds }
}

function classesOf(problem: PlanningProblem, services: ReadonlyMap<string, Service>): HostClass[] {
  const graph = new Map([...services].map(([id, { dependsOn }]) => [id, dependsOn]))
  const isSingle = new Set(problem.conflicts.flat())
  const hasWindows = problem.services.some(({ windows }) => windows !== undefined)
  const keyOf = ({ id, services: own, zone, site, durationSeconds, bytes }: Host) =>
    JSON.stringify([
      own.toSorted(byText),
      zone,
      problem.bandwidthBytesPerSecond[site] === undefined ? '' : [site, bytes],
      hasWindows ? durationSeconds : 0,
      isSingle.has(id) ? id : '',
    ])
  return [...Map.groupBy(problem.hosts, keyOf)].map(([key, hosts]) => {
    const own = [...new Set(hosts[0]?.services ?? [])].sort(byText)
    return {
      key,
      services: own,
      behind: reach(own, graph).filter((id) => !own.includes(id)),
      hosts: hosts.toSorted(
        (one, other) =>
          other.durationSeconds - one.durationSeconds ||
          (one.dueSeconds ?? Number.POSITIVE_INFINITY) - (other.dueSeconds ?? Number.POSITIVE_INFINITY) ||
          byText(one.id, other.id),
      ),
      next: 0,
    }
  })
}

/** Seconds of work that wait behind each service, along the longest chain of its dependents. */
function tailsOf(problem: PlanningProblem, services: ReadonlyMap<string, Service>): Map<string, number> {
  const graph = new Map([...services].map(([id, { dependsOn }]) => [id, dependsOn]))
  const dependents = reversed(graph)
  const work = new Map<string, number>()
  for (const host of problem.hosts.toSorted((one, other) => byText(one.id, other.id)))
    for (const id of host.services) work.set(id, (work.get(id) ?? 0) + host.durationSeconds)
  const tails = new Map<string, number>()
  for (const id of dependenciesFirst(graph).toReversed()) {
    const behind = (dependents.get(id) ?? []).map(
      (next) => (tails.get(next) ?? 0) + (work.get(next) ?? 0) / (services.get(next)?.maxUnavailable ?? 1),
    )
    tails.set(id, Math.max(0, ...behind))
  }
  return tails
}

/** Most work left on the way to the end first; then what serves most services, because it needs room in all of them. */
function byUrgency(waiting: readonly HostClass[], progress: Progress, tails: ReadonlyMap<string, number>): HostClass[] {
  const urgency = new Map(
    waiting.map((one) => [one, Math.max(...one.services.map((id) => (tails.get(id) ?? 0) + progress.secondsLeft(id)))]),
  )
  return waiting.toSorted(
    (one, other) =>
      (urgency.get(other) ?? 0) - (urgency.get(one) ?? 0) ||
      other.services.length - one.services.length ||
      byText(one.key, other.key),
  )
}

/** Nothing is in work and nothing will change: either no window is left, or shared hosts wait for each other. */
function stuck(waiting: readonly HostClass[], progress: Progress): Infeasible {
  const free = waiting.filter((one) => progress.isFree(one))
  const blamed = free.length > 0 ? free : waiting
  return {
    infeasible:
      free.length > 0
        ? 'no window is long enough or left for these hosts'
        : 'these hosts serve services between which others stand, so each waits for the other',
    names: blamed.flatMap(({ hosts, next }) => hosts.slice(next).map(({ id }) => id)).sort(byText),
  }
}

/** Why a planning problem is impossible, as the smallest proof. */
import { byKey } from '../kit/by-text.ts'
import { findCycle } from '../kit/graph.ts'
import { openingsOf } from './openings.ts'
import type { Infeasible, PlanningProblem } from './problem.ts'

type Host = PlanningProblem['hosts'][number]
type Service = PlanningProblem['services'][number]

const distinct = (names: Iterable<string>) => [...new Set(names)].sort()

/** Hosts of a zone that may be in work at once; a zone that the service does not name may not be touched. */
export function zoneLimit({ maxUnavailablePerZone }: Service, zone: string): number {
  if (maxUnavailablePerZone === undefined) return Number.POSITIVE_INFINITY
  if (typeof maxUnavailablePerZone === 'number') return maxUnavailablePerZone
  return Object.hasOwn(maxUnavailablePerZone, zone) ? (maxUnavailablePerZone[zone] ?? 0) : 0
}

/** B40: the first reason why no schedule can exist, with the names responsible; undefined if one may. */
export function refusalOf(problem: PlanningProblem): Infeasible | undefined {
  const services = new Map(problem.services.map((one) => [one.id, one]))
  const sets = setsOf(problem.hosts)
  return (
    refuse('an id is used twice', twiceIn(problem)) ??
    refuse(
      'hosts name services that are not in the problem',
      distinct(sets.flatMap(([{ services: own }]) => own.filter((id) => !services.has(id)))),
    ) ??
    refuse(
      'services depend on services that are not in the problem',
      distinct(problem.services.flatMap(({ dependsOn }) => dependsOn.filter((id) => !services.has(id)))),
    ) ??
    strangersInConflicts(problem) ??
    selfConflicts(problem) ??
    refuse(
      'windows end before they start',
      distinct(
        problem.services.flatMap(({ id, windows }) =>
          windows?.some(({ startSeconds, endSeconds }) => endSeconds < startSeconds) ? [id] : [],
        ),
      ),
    ) ??
    circle(problem) ??
    (problem.hosts.length > 0 && problem.concurrency < 1
      ? { infeasible: 'concurrency 0 lets no host be in work', names: [] }
      : undefined) ??
    refuse('these sites have no bandwidth for the downloads of their hosts', sitesWithoutBandwidth(problem)) ??
    refuse('the downloads of these sites are more than 2^53 - 1 bytes', sitesWithTooMuch(problem)) ??
    refuse('minimum healthy lets no host go down', distinct(nothingToSpare(problem.hosts, services))) ??
    mutualWait(sets, services) ??
    tooLong(sets, services)
  )
}

function refuse(infeasible: string, names: readonly string[]): Infeasible | undefined {
  return names.length > 0 ? { infeasible, names } : undefined
}

/** Hosts by the set of services that they serve, the first of each by name in front. */
function setsOf(hosts: readonly Host[]): [Host, ...Host[]][] {
  const sets = new Map<string, [Host, ...Host[]]>()
  for (const host of hosts) {
    const key = host.services.length === 1 ? `=${host.services[0]}` : JSON.stringify(host.services.toSorted())
    const list = sets.get(key)
    if (!list) sets.set(key, [host])
    else if (list.push(host) && host.id < list[0].id) [list[0], list[list.length - 1]] = [host, list[0]]
  }
  return [...sets].sort(byKey).map(([, list]) => list)
}

function twiceIn({ hosts, services }: PlanningProblem): string[] {
  const twice: string[] = []
  for (const list of [hosts, services]) {
    const seen = new Set<string>()
    for (const { id } of list) {
      if (seen.has(id)) twice.push(id)
      seen.add(id)
    }
  }
  return distinct(twice)
}

function circle({ services }: PlanningProblem): Infeasible | undefined {
  const names = findCycle(new Map(services.map(({ id, dependsOn }) => [id, dependsOn])))
  return names && { infeasible: `services depend on each other in a circle: ${names.join(' -> ')}`, names }
}

function nothingToSpare(hosts: readonly Host[], services: ReadonlyMap<string, Service>): Set<string> {
  const names = new Set<string>()
  for (const host of hosts)
    for (const id of host.services) {
      const service = services.get(id)
      if (service && (service.maxUnavailable === 0 || zoneLimit(service, host.zone) === 0)) names.add(id)
    }
  return names
}

function sitesWithoutBandwidth({ hosts, bandwidthBytesPerSecond: rates }: PlanningProblem): string[] {
  const closed = new Set(Object.keys(rates).filter((site) => rates[site] === 0))
  return closed.size === 0
    ? []
    : distinct(hosts.flatMap(({ site, bytes }) => (bytes > 0 && closed.has(site) ? [site] : [])))
}

/** Sums of more bytes would not be exact. */
function sitesWithTooMuch({ hosts, bandwidthBytesPerSecond: rates }: PlanningProblem): string[] {
  const sums = new Map(Object.keys(rates).map((site) => [site, 0]))
  for (const { site, bytes } of hosts) {
    const sum = sums.get(site)
    if (sum !== undefined) sums.set(site, sum + bytes)
  }
  return [...sums].flatMap(([site, sum]) => (sum > Number.MAX_SAFE_INTEGER ? [site] : [])).sort()
}

/** The most places of the problem that a reason shows. */
const placesMax = 5

const placesOf = (places: readonly string[]) =>
  `${places.slice(0, placesMax).join(', ')}${places.length > placesMax ? ` and ${places.length - placesMax} more` : ''}`

/** A name that nobody bears, which is often misspelt, would drop a limit in silence. */
function strangersInConflicts({ hosts, services, conflicts }: PlanningProblem): Infeasible | undefined {
  if (conflicts.length === 0) return undefined
  const unknown = new Set(conflicts.flat())
  for (const { id } of hosts) unknown.delete(id)
  if (unknown.size === 0) return undefined
  const isService = new Set(services.map(({ id }) => id))
  const strangers = conflicts.flatMap((pair, at) =>
    pair.flatMap((id, side) => (unknown.has(id) ? [{ id, place: `conflicts.${at}.${side}` }] : [])),
  )
  const places = strangers.map(({ id, place }) => `${place} ${isService.has(id) ? `(${id} is a service)` : `(${id})`}`)
  return {
    infeasible: `conflicts name hosts that are not in the problem: ${placesOf(places)}`,
    names: distinct(strangers.map(({ id }) => id)),
  }
}

function selfConflicts({ conflicts }: PlanningProblem): Infeasible | undefined {
  const selves = conflicts.flatMap(([left, right], at) =>
    left === right ? [{ id: left, place: `conflicts.${at}` }] : [],
  )
  if (selves.length === 0) return undefined
  return {
    infeasible: `these hosts are in conflict with themselves: ${placesOf(selves.map(({ id, place }) => `${place} (${id})`))}`,
    names: distinct(selves.map(({ id }) => id)),
  }
}

/** Pairs that `conflicts` names more than once, in either order, with their places; they change nothing. */
export function repeatedConflicts({ conflicts }: PlanningProblem): string[] {
  const places = new Map<string, number[]>()
  conflicts.forEach((pair, at) => {
    const key = JSON.stringify(pair.toSorted())
    const list = places.get(key)
    if (list) list.push(at)
    else places.set(key, [at])
  })
  return [...places].flatMap(([, list]) => {
    const [left, right] = conflicts[list[0] ?? 0] ?? []
    return list.length > 1 ? [`${left} and ${right} (${list.map((at) => `conflicts.${at}`).join(', ')})`] : []
  })
}

/** Hosts of several services may make services wait for each other that do not depend on each other. */
function mutualWait(
  sets: readonly (readonly [Host, ...Host[]])[],
  services: ReadonlyMap<string, Service>,
): Infeasible | undefined {
  if (sets.every(([{ services: own }]) => own.length === 1)) return undefined
  const hosted = new Set(sets.flatMap(([{ services: own }]) => own))
  /** By service: what its hosts wait for, each with the host that does. */
  const waits = new Map<string, Map<string, string>>()
  for (const [{ id, services: own }] of sets)
    for (const behind of waitedFor(own, services, hosted))
      for (const service of own) {
        const list = waits.get(service) ?? new Map<string, string>()
        waits.set(service, list)
        if (!list.has(behind)) list.set(behind, id)
      }
  const cycle = findCycle(new Map([...waits].map(([service, list]) => [service, [...list.keys()]])))
  if (!cycle) return undefined
  return {
    infeasible: `these hosts serve services with others between them, so each waits for the other: ${cycle.join(' -> ')}`,
    names: distinct(cycle.slice(1).flatMap((next, at) => waits.get(cycle[at] ?? '')?.get(next) ?? [])),
  }
}

/** The nearest services that hosts of these wait for: their own and those without hosts are passed through. */
function waitedFor(
  own: readonly string[],
  services: ReadonlyMap<string, Service>,
  hosted: ReadonlySet<string>,
): ReadonlySet<string> {
  const [found, seen] = [new Set<string>(), new Set<string>()]
  const open = [...own]
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const next of services.get(id)?.dependsOn ?? []) {
      if (hosted.has(next) && !own.includes(next)) found.add(next)
      else if (!seen.has(next)) {
        seen.add(next)
        open.push(next)
      }
    }
  return found
}

/** Hosts that no window is long enough for; of several, the longest of each set of services says it. */
function tooLong(sets: readonly [Host, ...Host[]][], services: ReadonlyMap<string, Service>): Infeasible | undefined {
  for (const hosts of sets) {
    const own = [...new Set(hosts[0].services)].sort()
    const openings = openingsOf(own.map((id) => services.get(id)?.windows))
    if (!openings) continue
    const long = hosts.filter(({ durationSeconds }) => durationSeconds > openings.longest + 1e-9)
    if (long.length === 0) continue
    const open = openings.longest === 0 ? 'there is none' : `the longest lasts ${openings.longest} s`
    return {
      infeasible: `no window of ${own.join(' and ')} is long enough for these hosts: ${open}`,
      names: distinct(long.map(({ id }) => id)),
    }
  }
  return undefined
}

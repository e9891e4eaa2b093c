/**
 * How long hosts in conflict keep work going at least: parts that exclude each other add up, of parts that do not the
 * longest counts, and what is neither is bounded by a heavy clique (exact on complete multipartite, chordal and cograph
 * structure, with the places that each part has).
 */
import type { PlanningProblem } from '../problem.ts'
import { type Apart, apartOf, componentsOf, joinedPartsOf } from './apart.ts'
import { heavyClique } from './clique.ts'
import type { BoundFleet } from './fleet.ts'
import type { Paths } from './paths.ts'
import { placesBound } from './places.ts'
import { OpenTime } from './windows.ts'

/** Parts are taken apart to this depth. */
const depthMax = 40

/** Seconds that no schedule of the problem can beat, by its conflicts. */
export function conflictBound(problem: PlanningProblem, fleet: BoundFleet, paths: Paths): number {
  if (problem.conflicts.length === 0) return 0
  const apart = apartOf(problem)
  let most = 0
  for (const component of componentsOf([...apart.hosts.keys()], apart)) {
    const found: Busy[] = []
    const whole = busyOf(component, { problem, apart, found }, depthMax)
    for (const busy of [whole, ...found]) most = Math.max(most, endOf(busy, apart, fleet, paths))
  }
  return most
}

/** Hosts, and for how long at least some of them are in work. */
interface Busy {
  readonly set: readonly number[]
  readonly seconds: number
}

interface Search {
  readonly problem: PlanningProblem
  readonly apart: Apart
  /** Cliques on the way. */
  readonly found: Busy[]
}

function busyOf(set: readonly number[], search: Search, depth: number): Busy {
  const { apart, found, problem } = search
  const hosts = set.map((one) => apart.seconds[one] ?? 0).sort((one, other) => other - one)
  const byPlaces = placesBound(hosts, placesOf(set, apart, problem))
  if (set.length < 2 || depth === 0) return { set, seconds: byPlaces }
  const components = componentsOf(set, apart)
  if (components.length > 1) {
    const longest = components.reduce((most, part) => Math.max(most, busyOf(part, search, depth - 1).seconds), 0)
    return { set, seconds: Math.max(byPlaces, longest) }
  }
  const parts = joinedPartsOf(set, apart)
  if (parts.length > 1) {
    const sum = parts.reduce((seconds, part) => seconds + busyOf(part, search, depth - 1).seconds, 0)
    return { set, seconds: Math.max(byPlaces, sum) }
  }
  const clique = heavyClique(set, apart)
  const seconds = clique.reduce((sum, one) => sum + (apart.seconds[one] ?? 0), 0)
  found.push({ set: clique, seconds })
  return { set, seconds: Math.max(byPlaces, seconds) }
}

/** Most hosts of the set in work at once, by the concurrency and by services that all of them serve. */
function placesOf(set: readonly number[], { hosts }: Apart, { services, concurrency }: PlanningProblem): number {
  const [first, ...others] = set.map((one) => hosts[one])
  const shared = (first?.services ?? []).filter((id) => others.every((host) => host?.services.includes(id)))
  const isOneZone = others.every((host) => host?.zone === first?.zone)
  return services.reduce((least, { id, maxUnavailable, maxUnavailablePerZone: perZone }) => {
    if (!shared.includes(id)) return least
    const inZone = typeof perZone === 'number' ? perZone : undefined
    return Math.min(least, maxUnavailable, isOneZone && inZone !== undefined ? inZone : maxUnavailable)
  }, concurrency)
}

/** Between what stands before and behind all of the hosts; in their windows where all have some. */
function endOf({ set, seconds }: Busy, { hosts }: Apart, fleet: BoundFleet, { headOf, tailOf }: Paths): number {
  const groups = new Set(set.flatMap((one) => fleet.groupOf.get(hosts[one]?.id ?? '') ?? []))
  let [head, tail] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const group of groups) {
    head = Math.min(head, headOf(group))
    tail = Math.min(tail, tailOf(group))
  }
  if (groups.size === 0) return 0
  const windows = [...groups].map((group) =>
    group.services.flatMap((service) => fleet.services[service]?.windows ?? []),
  )
  const isBounded = [...groups].every((group) => group.services.some((service) => fleet.services[service]?.windows))
  return isBounded
    ? Math.max(head + seconds + tail, new OpenTime(windows.flat(), 0).after(head, seconds))
    : head + seconds + tail
}

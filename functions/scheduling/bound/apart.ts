/** Hosts that are never in work together, as a graph: pairs in conflict, and hosts that share a limit of one. */
import type { PlanningProblem } from '../problem.ts'

type Host = PlanningProblem['hosts'][number]

export interface Apart {
  /** Hosts that conflicts name. */
  readonly hosts: readonly Host[]
  readonly seconds: Float64Array
  /** By host: those it is never in work with, in order. */
  readonly partners: readonly Int32Array[]
}

/** Of a limit that more hosts share only their conflicts count, because pairs grow with the square. */
const sharersMax = 400

export function apartOf({ hosts, services, conflicts }: PlanningProblem): Apart {
  const named = new Set(conflicts.flat())
  const own = hosts.filter(({ id }) => named.has(id))
  const numbers = new Map(own.map(({ id }, at) => [id, at]))
  const partners = own.map(() => new Set<number>())
  const add = (one: number | undefined, other: number | undefined) => {
    if (one === undefined || other === undefined || one === other) return
    partners[one]?.add(other)
    partners[other]?.add(one)
  }
  for (const [left, right] of conflicts) add(numbers.get(left), numbers.get(right))
  for (const list of sharersOf(own, services))
    if (list.length <= sharersMax)
      for (const [at, one] of list.entries()) for (const other of list.slice(0, at)) add(one, other)
  return {
    hosts: own,
    seconds: Float64Array.from(own, ({ durationSeconds }) => durationSeconds),
    partners: partners.map((list) => Int32Array.from(list).sort()),
  }
}

/** Hosts of services, or of their zones, of which one may be in work. */
function sharersOf(hosts: readonly Host[], services: PlanningProblem['services']): Iterable<number[]> {
  const byId = new Map(services.map((service) => [service.id, service]))
  const lists = new Map<string, number[]>()
  hosts.forEach(({ services: own, zone }, at) => {
    for (const id of new Set(own)) {
      const { maxUnavailable = 0, maxUnavailablePerZone: perZone } = byId.get(id) ?? {}
      const inZone = typeof perZone === 'object' && Object.hasOwn(perZone, zone) ? perZone[zone] : perZone
      const key = maxUnavailable === 1 ? JSON.stringify([id]) : inZone === 1 ? JSON.stringify([id, zone]) : undefined
      if (key === undefined) continue
      const list = lists.get(key)
      if (list) list.push(at)
      else lists.set(key, [at])
    }
  })
  return lists.values()
}

/** The parts of a set between which no host is apart from another. */
export const componentsOf = (set: readonly number[], { partners }: Apart): number[][] =>
  partsOf(set, (one, left) => {
    const found: number[] = []
    for (const other of partners[one] ?? []) if (left.delete(other)) found.push(other)
    return found
  })

/** The parts of a set between which every host is apart from every other, so that parts follow each other. */
export const joinedPartsOf = (set: readonly number[], { partners }: Apart): number[][] =>
  partsOf(set, (one, left) => {
    const apart = new Set(partners[one])
    const found = [...left].filter((other) => !apart.has(other))
    for (const other of found) left.delete(other)
    return found
  })

/** Parts by a walk; `reached` takes from what is left all that a host belongs together with. */
function partsOf(set: readonly number[], reached: (one: number, left: Set<number>) => number[]): number[][] {
  const left = new Set(set)
  const parts: number[][] = []
  for (const first of set) {
    if (!left.delete(first)) continue
    const part = [first]
    for (let at = 0; at < part.length; at++) for (const next of reached(part[at] ?? 0, left)) part.push(next)
    parts.push(part)
  }
  return parts
}

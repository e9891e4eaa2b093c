/** A planning problem as numbers: what the passes of the planner read, the same for any order of the problem's lists. */

import { byText } from '../kit/by-text.ts'
import { type Gates, gatesOf } from './barriers.ts'
import { type Hosts, hostsOf, roundUp } from './hosts.ts'
import { type Kinds, kindsOf } from './kinds.ts'
import { type Openings, openingsOf } from './openings.ts'
import type { PlanningProblem } from './problem.ts'

export interface Model {
  readonly hosts: Hosts
  readonly services: PlanningProblem['services']
  /** Sets of services, by number; each in the order of `services`. */
  readonly groups: readonly (readonly number[])[]
  readonly siteRates: readonly number[]
  /** Hosts that a host is in conflict with. */
  readonly conflicts: ReadonlyMap<number, readonly number[]>
  readonly concurrency: number
  /** Seconds between two starts. */
  readonly rebootGap: number
  readonly kinds: Kinds
  readonly gates: Gates
  /** The same barriers for a pass that goes from the end to the beginning. */
  readonly backward: Gates
  /** By set of services; undefined where any time will do. */
  readonly openings: readonly (Openings | undefined)[]
  /** By kind: 1 where hosts go strictly in order, because neither windows nor conflicts hold any back. */
  readonly isPlain: Uint8Array
}

export function modelOf(problem: PlanningProblem): Model {
  const services = problem.services.toSorted((one, other) => byText(one.id, other.id))
  const { hosts, groups, zoneNames, siteRates } = hostsOf(problem, services)
  const { forward, backward } = gatesOf(services, groups, hosts)
  const kinds = kindsOf({ hosts, services, groups, zoneNames, siteRates })
  const openings = groups.map((group) => openingsOf(group.map((service) => services[service]?.windows)))
  const conflicts = conflictsOf(problem, hosts.ids)
  const isPlain = Uint8Array.from(kinds.groupOf, (group) => (openings[group] ? 0 : 1))
  for (const host of conflicts.keys()) isPlain[kinds.kindOfHost[host] ?? 0] = 0
  return {
    hosts,
    services,
    groups,
    siteRates,
    conflicts,
    concurrency: problem.concurrency,
    rebootGap: problem.rebootsPerSecond === undefined ? 0 : roundUp(1 / problem.rebootsPerSecond),
    kinds,
    gates: forward,
    backward,
    openings,
    isPlain,
  }
}

function conflictsOf({ conflicts }: PlanningProblem, ids: readonly string[]): Map<number, number[]> {
  const partners = new Map<number, number[]>()
  if (conflicts.length === 0) return partners
  const named = new Set(conflicts.flat())
  const numbers = new Map<string, number>()
  ids.forEach((id, index) => {
    if (named.has(id)) numbers.set(id, index)
  })
  const add = (one: number, other: number) => {
    const list = partners.get(one)
    if (!list) partners.set(one, [other])
    else if (!list.includes(other)) list.push(other)
  }
  for (const [left, right] of conflicts) {
    const [one, other] = [numbers.get(left), numbers.get(right)]
    if (one === undefined || other === undefined) continue
    add(one, other)
    add(other, one)
  }
  return partners
}

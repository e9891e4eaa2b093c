/** Which services must be done before hosts of a set of services may start. */

import type { Hosts } from './hosts.ts'
import type { PlanningProblem } from './problem.ts'

/**
 * Barriers between sets of services, one for each service: hosts that must end before hosts that wait may start.
 *
 * Read backwards, hosts that wait must end before those that they waited for may start.
 */
export interface Gates {
  /** By set of services: the barriers that its hosts must end for. */
  readonly closes: readonly (readonly number[])[]
  /** By set of services: how many barriers it waits for. */
  readonly waits: Int32Array
  /** By barrier: the sets of services that wait for it. */
  readonly opens: readonly (readonly number[])[]
  /** By barrier: hosts that must end. */
  readonly hostCounts: Int32Array
}

/** Hosts of a service and of a dependency go with the dependency: they do not wait for the rest of it. */
export function gatesOf(
  services: PlanningProblem['services'],
  groups: readonly (readonly number[])[],
  hosts: Hosts,
): { readonly forward: Gates; readonly backward: Gates } {
  const groupSizes = new Int32Array(groups.length)
  for (const group of hosts.groups) groupSizes[group] = (groupSizes[group] ?? 0) + 1
  const isHosted = services.map(() => false)
  for (const group of groups) for (const service of group) isHosted[service] = true
  const below = belowOf(services)
  const isPure = purityOf(groups, below)
  const before = groups.map((group) => waitsOf(group, { below, isPure, isHosted }))
  return {
    forward: barriers(groups, before, groupSizes, services.length),
    backward: barriers(before, groups, groupSizes, services.length),
  }
}

function barriers(
  closes: readonly (readonly number[])[],
  before: readonly (readonly number[])[],
  groupSizes: Int32Array,
  count: number,
): Gates {
  const hostCounts = new Int32Array(count)
  closes.forEach((list, group) => {
    for (const barrier of list) hostCounts[barrier] = (hostCounts[barrier] ?? 0) + (groupSizes[group] ?? 0)
  })
  const opens = Array.from({ length: count }, (): number[] => [])
  const waits = new Int32Array(before.length)
  before.forEach((list, group) => {
    for (const barrier of list)
      if ((hostCounts[barrier] ?? 0) > 0) {
        opens[barrier]?.push(group)
        waits[group] = (waits[group] ?? 0) + 1
      }
  })
  return { closes, waits, opens, hostCounts }
}

interface Below {
  readonly direct: readonly (readonly number[])[]
  /** Whether a service depends on another, directly or not; undefined where there are too many services to tell cheaply. */
  readonly has: (service: number, other: number) => boolean | undefined
}

/** Two megabytes of bits. */
const tellableServicesMax = 4_096

function belowOf(services: PlanningProblem['services']): Below {
  const numbers = new Map(services.map(({ id }, index) => [id, index]))
  const direct = services.map(({ dependsOn }) => [...new Set(dependsOn.flatMap((id) => numbers.get(id) ?? []))])
  if (services.length > tellableServicesMax) return { direct, has: () => undefined }
  const words = Math.ceil(services.length / 32)
  const bits = new Int32Array(services.length * words)
  for (const service of dependenciesFirst(direct))
    for (const next of direct[service] ?? []) {
      for (let word = 0; word < words; word++)
        bits[service * words + word] = (bits[service * words + word] ?? 0) | (bits[next * words + word] ?? 0)
      const own = service * words + (next >> 5)
      bits[own] = (bits[own] ?? 0) | (1 << (next & 31))
    }
  return { direct, has: (service, other) => (((bits[service * words + (other >> 5)] ?? 0) >> (other & 31)) & 1) === 1 }
}

/** Services in topological order; those in a cycle are left out. */
export function dependenciesFirst(direct: readonly (readonly number[])[]): number[] {
  const dependents = direct.map((): number[] => [])
  const missing = direct.map((list) => list.length)
  direct.forEach((list, service) => {
    for (const next of list) dependents[next]?.push(service)
  })
  const order = missing.flatMap((count, service) => (count === 0 ? [service] : []))
  for (let at = 0; at < order.length; at++)
    for (const next of dependents[order[at] ?? 0] ?? []) {
      const left = (missing[next] ?? 0) - 1
      missing[next] = left
      if (left === 0) order.push(next)
    }
  return order
}

/** Services with a host that waits for all of their dependencies: when they are done, so is everything below them. */
function purityOf(groups: readonly (readonly number[])[], { direct, has }: Below): boolean[] {
  const isPure = direct.map(() => false)
  const levels = direct.map(() => 0)
  for (const service of dependenciesFirst(direct))
    levels[service] = (direct[service] ?? []).reduce((most, next) => Math.max(most, (levels[next] ?? 0) + 1), 0)
  for (const group of groups)
    for (const service of group) {
      const mayBeBelow = (other: number) =>
        (levels[other] ?? 0) < (levels[service] ?? 0) && has(service, other) !== false
      if (!group.some(mayBeBelow)) isPure[service] = true
    }
  return isPure
}

function waitsOf(
  group: readonly number[],
  { below, isPure, isHosted }: { below: Below; isPure: readonly boolean[]; isHosted: readonly boolean[] },
): number[] {
  const found: number[] = []
  const open = group.flatMap((service) => below.direct[service] ?? [])
  const seen = new Set<number>()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const isWaitedFor = !group.includes(next) && isHosted[next] === true
    if (isWaitedFor) found.push(next)
    if (!isWaitedFor || !isPure[next]) for (const one of below.direct[next] ?? []) open.push(one)
  }
  return found
    .filter((one) => found.length > 64 || !found.some((other) => isPure[other] && below.has(other, one)))
    .sort((one, other) => one - other)
}

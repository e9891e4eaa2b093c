/** Heads and tails: when each group of hosts may start at the earliest, and how much time must pass behind it. */

import type { PlanningProblem } from '../problem.ts'
import type { BoundFleet, HostGroup } from './fleet.ts'
import type { Tries } from './packing.ts'
import { packedBound, wholeSeconds } from './places.ts'
import { OpenTime } from './windows.ts'

type Service = PlanningProblem['services'][number]

export interface Paths {
  readonly headOf: (group: HostGroup) => number
  readonly tailOf: (group: HostGroup) => number
  /** The longest of all paths that were seen. */
  readonly seconds: number
  /** The first service whose windows do not hold its hosts behind what it depends on. */
  readonly late: number | undefined
}

/** At how many thresholds a service's hosts are bounded together with what comes before or after them. */
const tailsMax = 12
/** At how many thresholds the jobs themselves are compared, which costs more than sums. */
const exactMax = 3

export function pathsOf(fleet: BoundFleet): Paths {
  const { services, serving, order } = fleet
  const open = services.map((service, index) => new OpenTime(service.windows, shortestOf(serving[index] ?? [])))
  const doneAt = new Float64Array(services.length)
  const heads = new Map<HostGroup, number>()
  const headOf = (group: HostGroup) => {
    const known = heads.get(group)
    if (known !== undefined) return known
    const head = group.behind.reduce((latest, service) => Math.max(latest, doneAt[service] ?? 0), 0)
    heads.set(group, head)
    return head
  }
  const endOf = (groups: readonly HostGroup[]) =>
    everyService(groups, (number, list) => {
      const service = services[number]
      const time = open[number]
      if (!service || !time) return 0
      const together = byThreshold({ service, groups: list, tries: fleet.tries }, headOf, (head, seconds) =>
        time.after(head, wholeSeconds(seconds, fleet.isWhole)),
      )
      return list.reduce(
        (end, group) => Math.max(end, time.fit(headOf(group), group.hosts[0]?.durationSeconds ?? 0)),
        together,
      )
    })
  for (const number of order) doneAt[number] = endOf(serving[number] ?? [])
  const tailOf = tailsOf(fleet)
  let seconds = doneAt.reduce((most, one) => Math.max(most, one), 0)
  services.forEach((_, number) => {
    const groups = serving[number] ?? []
    const tails = [...new Set(groups.map(tailOf))].sort((one, other) => other - one)
    for (const tail of spread(tails, tailsMax))
      seconds = Math.max(seconds, endOf(groups.filter((group) => tailOf(group) >= tail)) + tail)
  })
  return { headOf, tailOf, seconds, late: order.find((number) => doneAt[number] === Number.POSITIVE_INFINITY) }
}

const shortestOf = (groups: readonly HostGroup[]) =>
  groups.reduce((least, { hosts }) => Math.min(least, hosts.at(-1)?.durationSeconds ?? least), Number.POSITIVE_INFINITY)

/** Time from the end of a group's hosts to the end of all: everything that waits for one of its services. */
function tailsOf(fleet: BoundFleet): (group: HostGroup) => number {
  const { services, groups, order } = fleet
  const behind = new Float64Array(services.length)
  const tailOf = (group: HostGroup) => group.services.reduce((most, service) => Math.max(most, behind[service] ?? 0), 0)
  const waiting = services.map((): HostGroup[] => [])
  for (const group of groups) for (const before of group.behind) waiting[before]?.push(group)
  for (const number of order.toReversed())
    behind[number] = everyService(waiting[number] ?? [], (next, list) => {
      const service = services[next]
      return service
        ? byThreshold(
            { service, groups: list, tries: fleet.tries },
            tailOf,
            (tail, work) => tail + wholeSeconds(work, fleet.isWhole),
          )
        : 0
    })
  return tailOf
}

/** The largest of what bounds the groups together, service by service of those that they serve. */
function everyService(
  groups: readonly HostGroup[],
  boundOf: (service: number, groups: readonly HostGroup[]) => number,
): number {
  const byService = new Map<number, HostGroup[]>()
  for (const group of groups)
    for (const service of group.services) {
      const list = byService.get(service)
      if (list) list.push(group)
      else byService.set(service, [group])
    }
  let most = 0
  for (const [service, list] of byService) most = Math.max(most, boundOf(service, list))
  return most
}

/** Groups that share the places of a service. */
interface Together {
  readonly service: Service
  readonly groups: readonly HostGroup[]
  readonly tries: Tries
}

/** The largest end over all thresholds: hosts whose head is at least the threshold, after it. */
function byThreshold(
  { service, groups, tries }: Together,
  headOf: (group: HostGroup) => number,
  endOf: (head: number, seconds: number) => number,
): number {
  const sorted = groups.toSorted((one, other) => headOf(other) - headOf(one))
  const byZone = new Map<string, number>()
  let [work, longest, end, exact] = [0, 0, 0, 0]
  sorted.forEach((group, at) => {
    work += group.workSeconds
    longest = Math.max(longest, group.hosts[0]?.durationSeconds ?? 0)
    for (const [zone, seconds] of group.workByZone) byZone.set(zone, (byZone.get(zone) ?? 0) + seconds)
    const head = headOf(group)
    const next = sorted[at + 1]
    if (next && headOf(next) === head) return
    let seconds = Math.max(longest, work / Math.max(1, service.maxUnavailable))
    if (service.maxUnavailablePerZone !== undefined)
      for (const [zone, own] of byZone) seconds = Math.max(seconds, own / zonePlaces(service, zone))
    if (!next || exact++ < exactMax)
      seconds = Math.max(seconds, exactSeconds({ service, groups: sorted.slice(0, at + 1), tries }))
    end = Math.max(end, endOf(head, seconds))
  })
  return end
}

function zonePlaces({ maxUnavailable, maxUnavailablePerZone: perZone }: Service, zone: string): number {
  const own = typeof perZone === 'object' ? (Object.hasOwn(perZone, zone) ? perZone[zone] : 0) : perZone
  return Math.max(1, Math.min(maxUnavailable, own ?? maxUnavailable))
}

function exactSeconds({ service, groups, tries }: Together): number {
  const [only] = groups
  const hosts =
    groups.length === 1 && only
      ? only.hosts
      : groups.flatMap((group) => group.hosts).sort((one, other) => other.durationSeconds - one.durationSeconds)
  const lengths = (list: typeof hosts) => list.map(({ durationSeconds }) => durationSeconds)
  const all = packedBound(lengths(hosts), service.maxUnavailable, tries)
  if (service.maxUnavailablePerZone === undefined) return all
  return Map.groupBy(hosts, ({ zone }) => zone)
    .entries()
    .reduce((most, [zone, list]) => Math.max(most, packedBound(lengths(list), zonePlaces(service, zone), tries)), all)
}

/** `count` values of a list, evenly spaced, both ends included. */
export function spread(sorted: readonly number[], most: number): readonly number[] {
  if (sorted.length <= most) return sorted
  return Array.from({ length: most }, (_, at) => sorted[Math.round((at * (sorted.length - 1)) / (most - 1))] ?? 0)
}

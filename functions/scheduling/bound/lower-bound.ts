/** Seconds that no schedule can beat: the largest of the bounds by places, paths, downloads, reboots and conflicts; shares nothing with the planner. */

import type { PlanningProblem } from '../problem.ts'
import { conflictBound } from './conflicts.ts'
import { type BoundFleet, boundFleetOf } from './fleet.ts'
import { type Paths, pathsOf, spread } from './paths.ts'
import { placesBound, wholeSeconds } from './places.ts'
import { OpenTime } from './windows.ts'

/** At how many tail thresholds the limits of all hosts are bounded. */
const tailsMax = 48

/** Seconds that no schedule of the problem can beat; 0 for a problem without hosts. */
export function lowerBoundSeconds(problem: PlanningProblem): number {
  if (problem.hosts.length === 0) return 0
  const fleet = boundFleetOf(problem)
  const paths = pathsOf(fleet)
  return Math.max(
    paths.seconds,
    concurrencyBound(problem, fleet, paths),
    openConcurrencyBound(problem, fleet, paths),
    downloadBound(problem, fleet, paths),
    rebootBound(problem, fleet, paths),
    conflictBound(problem, fleet, paths),
  )
}

/** Work of all hosts that start no earlier than a head and have no less than a tail behind them, over the concurrency. */
function concurrencyBound(
  { hosts, concurrency }: PlanningProblem,
  { groups, isWhole }: BoundFleet,
  { headOf, tailOf }: Paths,
) {
  const sorted = groups.toSorted((one, other) => headOf(other) - headOf(one))
  const tails = [...new Set(groups.map(tailOf))].sort((one, other) => one - other)
  let most = placesBound(
    hosts.map(({ durationSeconds }) => durationSeconds).sort((one, other) => other - one),
    concurrency,
  )
  for (const tail of spread(tails, tailsMax)) {
    let work = 0
    for (const group of sorted) {
      if (tailOf(group) < tail) continue
      work += group.workSeconds
      most = Math.max(most, headOf(group) + work / concurrency + tail)
    }
  }
  return wholeSeconds(most, isWhole)
}

/** The same for hosts with windows, in the time in which any window of any service is open. */
function openConcurrencyBound(
  { concurrency, services }: PlanningProblem,
  fleet: BoundFleet,
  { headOf }: Paths,
): number {
  const bounded = fleet.groups.filter((group) => group.services.some((service) => services[service]?.windows))
  if (bounded.length === 0) return 0
  const open = new OpenTime(
    services.flatMap(({ windows }) => windows ?? []),
    0,
  )
  let [most, work] = [0, 0]
  for (const group of bounded.toSorted((one, other) => headOf(other) - headOf(one))) {
    work += group.workSeconds
    most = Math.max(most, open.after(headOf(group), work / concurrency))
  }
  return most
}

/** Downloads of a site follow each other; behind the last of those with no less than a tail stand that tail and its own host. */
function downloadBound(
  { hosts, bandwidthBytesPerSecond: rates }: PlanningProblem,
  { groupOf }: BoundFleet,
  { tailOf }: Paths,
) {
  let most = 0
  for (const [site, list] of Map.groupBy(hosts, (host) => host.site)) {
    const rate = Object.hasOwn(rates, site) ? rates[site] : undefined
    if (!rate) continue
    let bytes = 0
    for (const { behind, own } of behindOf(list, groupOf, tailOf)) {
      bytes += own.bytes
      most = Math.max(most, bytes / rate + behind)
    }
  }
  return most
}

function rebootBound({ hosts, rebootsPerSecond }: PlanningProblem, { groupOf }: BoundFleet, { tailOf }: Paths) {
  if (rebootsPerSecond === undefined) return 0
  return behindOf(hosts, groupOf, tailOf).reduce(
    (most, { behind }, before) => Math.max(most, before / rebootsPerSecond + behind),
    0,
  )
}

/** Hosts with their own length and what stands behind them, the most first. */
function behindOf(hosts: PlanningProblem['hosts'], groupOf: BoundFleet['groupOf'], tailOf: Paths['tailOf']) {
  return hosts
    .map((own) => {
      const group = groupOf.get(own.id)
      return { own, behind: own.durationSeconds + (group ? tailOf(group) : 0) }
    })
    .sort((one, other) => other.behind - one.behind)
}

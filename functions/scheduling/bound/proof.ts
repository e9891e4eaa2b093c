/** Why windows hold no schedule of a problem: by sums, by what comes before, or because every way to fill them was tried. */
import { byText } from '../../kit/by-text.ts'
import { counted } from '../../kit/display-text.ts'
import { horizonSeconds, type Infeasible, type PlanningProblem } from '../problem.ts'
import { conflictBound } from './conflicts.ts'
import { type BoundFleet, boundFleetOf } from './fleet.ts'
import { lowerBoundSeconds } from './lower-bound.ts'
import { fits } from './packing.ts'
import { type Paths, pathsOf } from './paths.ts'
import { OpenTime } from './windows.ts'

/** A proof that no schedule exists; undefined if none was found, which says nothing. */
export function proofOf(problem: PlanningProblem): Infeasible | undefined {
  const fleet = boundFleetOf(problem)
  const paths = pathsOf(fleet)
  return overfull(fleet, paths) ?? late(fleet, paths) ?? apart(problem, fleet, paths) ?? beyond(problem)
}

/** Most hosts, and most places in windows, for which every way to fill the windows is tried. */
const triedHostsMax = 200

/** Hosts that share places in the windows of a service: all of it, or those of a zone. */
interface Sharing {
  readonly whose: string
  readonly hosts: readonly { readonly id: string; readonly durationSeconds: number }[]
  readonly places: number
}

/** A service whose windows do not hold its hosts, by the sum of their work, or by trying every way to fill them. */
function overfull(fleet: BoundFleet, { headOf }: Paths): Infeasible | undefined {
  const bounded = fleet.services.map((service, number) => ({ service, groups: fleet.serving[number] ?? [] }))
  for (const { service, groups } of bounded.toSorted((one, other) => byText(one.service.id, other.service.id))) {
    if (!service.windows || groups.length === 0) continue
    const head = groups.reduce((least, group) => Math.min(least, headOf(group)), Number.POSITIVE_INFINITY)
    const hosts = groups.flatMap((group) => group.hosts)
    const shortest = hosts.reduce(
      (least, { durationSeconds }) => Math.min(least, durationSeconds),
      Number.POSITIVE_INFINITY,
    )
    const lengths = new OpenTime(service.windows, shortest).lengthsFrom(head)?.filter((seconds) => seconds >= shortest)
    if (!lengths) continue
    for (const sharing of sharingOf(service, hosts)) {
      const because = overfullBy(lengths, sharing)
      if (because === undefined) continue
      const from = head > 0 ? ` from ${head} s on, when what it depends on can be done,` : ''
      return { infeasible: `the windows of ${sharing.whose}${from} ${because}`, names: [service.id] }
    }
  }
  return undefined
}

function sharingOf(service: PlanningProblem['services'][number], hosts: PlanningProblem['hosts']): Sharing[] {
  const { id, maxUnavailable, maxUnavailablePerZone: perZone } = service
  const all = { whose: id, hosts, places: maxUnavailable }
  if (perZone === undefined) return [all]
  const zones = [...Map.groupBy(hosts, ({ zone }) => zone)].map(([zone, own]) => {
    const most = typeof perZone === 'number' ? perZone : Object.hasOwn(perZone, zone) ? (perZone[zone] ?? 0) : 0
    return { whose: `${id} in zone ${zone}`, hosts: own, places: Math.min(maxUnavailable, most) }
  })
  return [all, ...zones.toSorted((one, other) => byText(one.whose, other.whose))]
}

function overfullBy(lengths: readonly number[], { hosts, places }: Sharing): string | undefined {
  const most = Math.min(places, hosts.length)
  const [room, work] = [sumOf(lengths) * most, sumOf(hosts.map(({ durationSeconds }) => durationSeconds))]
  const there = `${counted(lengths.length, 'window')} with ${counted(most, 'place')}`
  if (work > room * (1 + 1e-12) + 1e-6) return `hold ${room} s of work (${there}), its hosts take ${work} s`
  if (hosts.length > triedHostsMax || lengths.length * most > triedHostsMax) return undefined
  const bins = lengths.flatMap((seconds) => Array.from({ length: most }, () => seconds))
  return fits(
    hosts.map(({ durationSeconds }) => durationSeconds),
    bins,
  ) === 'no'
    ? `do not hold its ${counted(hosts.length, 'host')}: every way to fill them (${there}) was tried`
    : undefined
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0)

function late({ services }: BoundFleet, { late: number }: Paths): Infeasible | undefined {
  const id = number === undefined ? undefined : services[number]?.id
  if (id === undefined) return undefined
  return {
    infeasible: `the windows of ${id} do not hold its hosts behind what it depends on, even without a gap between them`,
    names: [id],
  }
}

function apart(problem: PlanningProblem, fleet: BoundFleet, paths: Paths): Infeasible | undefined {
  return conflictBound(problem, fleet, paths) === Number.POSITIVE_INFINITY
    ? { infeasible: 'hosts in conflict follow each other, and their windows hold less than their work', names: [] }
    : undefined
}

/** Only where instants are exact is there a plan. */
function beyond(problem: PlanningProblem): Infeasible | undefined {
  const seconds = lowerBoundSeconds(problem)
  if (seconds === Number.POSITIVE_INFINITY)
    return {
      infeasible: 'the windows of all services together do not hold the work of their hosts at this concurrency',
      names: [],
    }
  return seconds > horizonSeconds
    ? { infeasible: `no plan can end before ${seconds} s by its lower bound, and none may end after 2^33 s`, names: [] }
    : undefined
}

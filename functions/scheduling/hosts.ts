/** The hosts of a problem as numbers, in the order of their names. */
import { byText } from '../kit/by-text.ts'
import { horizonSeconds, type PlanningProblem } from './problem.ts'

export interface Hosts {
  /** In text order; a host's number is its place here. */
  readonly ids: readonly string[]
  /** How long the host is in work, as the problem says and on the grid of instants. */
  readonly lengths: Float64Array
  readonly seconds: Float64Array
  readonly bytes: Float64Array
  readonly dues: Float64Array
  readonly zones: Int32Array
  /** -1 where the site has no cap. */
  readonly sites: Int32Array
  /** Number of the set of services that the host serves. */
  readonly groups: Int32Array
}

/** Instants are multiples of 2^-20 s, so that their sums are exact and nobody's rounding finds an overlap. */
const ticksPerSecond = 1_048_576

export const roundUp = (seconds: number): number =>
  Math.abs(seconds) >= horizonSeconds ? seconds : Math.ceil(seconds * ticksPerSecond) / ticksPerSecond

/** Numbers for names, given in the order in which they are asked for. */
class Names<T> {
  readonly all: T[] = []
  private readonly numbers = new Map<T, number>()

  numberOf(name: T): number {
    const known = this.numbers.get(name)
    if (known !== undefined) return known
    this.numbers.set(name, this.all.length)
    return this.all.push(name) - 1
  }
}

export function hostsOf(problem: PlanningProblem, services: PlanningProblem['services']) {
  const sorted = inTextOrder(problem.hosts)
  const serviceNumbers = new Map(services.map(({ id }, index) => [id, index]))
  const [zones, sites, groupNames] = [new Names<string>(), new Names<string>(), new Names<string>()]
  const groups: (readonly number[])[] = []
  const singles = new Int32Array(services.length).fill(-1)
  const groupOf = (ids: readonly string[]): number => {
    const only = ids.length === 1 ? (serviceNumbers.get(ids[0] ?? '') ?? -1) : -1
    const known = singles[only] ?? -1
    if (known >= 0) return known
    const numbers = [...new Set(ids.map((id) => serviceNumbers.get(id) ?? -1))].sort((one, other) => one - other)
    const group = groupNames.numberOf(numbers.join(' '))
    groups[group] = numbers
    if (only >= 0) singles[only] = group
    return group
  }
  const rates = problem.bandwidthBytesPerSecond
  const count = sorted.length
  const hosts: Hosts = {
    ids: sorted.map(({ id }) => id),
    lengths: new Float64Array(count),
    seconds: new Float64Array(count),
    bytes: new Float64Array(count),
    dues: new Float64Array(count),
    zones: new Int32Array(count),
    sites: new Int32Array(count).fill(-1),
    groups: new Int32Array(count),
  }
  const isCapped = Object.keys(rates).length > 0
  sorted.forEach((host, index) => {
    hosts.lengths[index] = host.durationSeconds
    hosts.seconds[index] = roundUp(host.durationSeconds)
    hosts.bytes[index] = host.bytes
    hosts.dues[index] = host.dueSeconds ?? Number.POSITIVE_INFINITY
    hosts.zones[index] = zones.numberOf(host.zone)
    if (isCapped && host.bytes > 0 && Object.hasOwn(rates, host.site)) hosts.sites[index] = sites.numberOf(host.site)
    hosts.groups[index] = groupOf(host.services)
  })
  return { hosts, groups, zoneNames: zones.all, siteRates: sites.all.map((site) => rates[site] ?? 1) }
}

function inTextOrder(hosts: PlanningProblem['hosts']): PlanningProblem['hosts'] {
  const isSorted = hosts.every((host, index) => index === 0 || (hosts[index - 1]?.id ?? '') < host.id)
  return isSorted ? hosts : hosts.toSorted((one, other) => byText(one.id, other.id))
}

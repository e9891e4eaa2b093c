/** Hosts that are alike to every limit, so that one that may not start speaks for all of its kind. */

import type { Hosts } from './hosts.ts'
import type { PlanningProblem } from './problem.ts'
import { zoneLimit } from './refusal.ts'

export interface Kinds {
  readonly count: number
  readonly groupOf: readonly number[]
  /** -1 where downloads have no cap. */
  readonly siteOf: readonly number[]
  readonly ofGroup: readonly (readonly number[])[]
  readonly kindOfHost: Int32Array
  /** Hosts of kind k stand in `order` from `first[k]` to `first[k + 1]`, the longest first, then the nearest due date. */
  readonly first: Int32Array
  readonly order: Int32Array
  /** Seconds of work of each kind. */
  readonly seconds: Float64Array
  /** Limits of kind k: `limitOf` from `limitFirst[k]` to `limitFirst[k + 1]`. */
  readonly limitFirst: Int32Array
  readonly limitOf: Int32Array
  readonly limits: Limits
}

/** A limit is how many hosts of a service may be in work at once, in all or in a zone. */
export interface Limits {
  /** The limits of services come first, in their order; those of zones follow. */
  readonly servicesCount: number
  readonly most: readonly number[]
  readonly serviceOf: readonly number[]
  /** Seconds of work of its hosts. */
  readonly seconds: Float64Array
  /** Seconds after which, on average, a place of a full limit comes free. */
  readonly gaps: Float64Array
}

interface KindsInput {
  readonly hosts: Hosts
  readonly services: PlanningProblem['services']
  readonly groups: readonly (readonly number[])[]
  readonly zoneNames: readonly string[]
  readonly siteRates: readonly number[]
}

export function kindsOf({ hosts, services, groups, zoneNames, siteRates }: KindsInput): Kinds {
  const hasZones = services.map(hasZoneLimits)
  const isZoned = groups.map((group) => group.some((service) => hasZones[service]))
  const numbers = new Map<number, number>()
  const kindOfHost = new Int32Array(hosts.ids.length)
  const groupOf: number[] = []
  const zoneOf: number[] = []
  const siteOf: number[] = []
  const ofGroup = groups.map((): number[] => [])
  const sites = siteRates.length + 1
  for (let host = 0; host < kindOfHost.length; host++) {
    const group = hosts.groups[host] ?? 0
    const zone = isZoned[group] ? (hosts.zones[host] ?? 0) : 0
    const site = hosts.sites[host] ?? -1
    const key = (group * Math.max(1, zoneNames.length) + zone) * sites + site + 1
    let kind = numbers.get(key)
    if (kind === undefined) {
      kind = numbers.size
      numbers.set(key, kind)
      groupOf.push(group)
      zoneOf.push(zone)
      siteOf.push(site)
      ofGroup[group]?.push(kind)
    }
    kindOfHost[host] = kind
  }
  const count = numbers.size
  const { first, order } = ordered(hosts, kindOfHost, count)
  const work = new Float64Array(count)
  kindOfHost.forEach((kind, host) => {
    work[kind] = (work[kind] ?? 0) + (hosts.seconds[host] ?? 0)
  })
  const limits = limitsOf({ services, groups, zoneNames }, { groupOf, zoneOf, first, seconds: work })
  return { count, groupOf, siteOf, ofGroup, kindOfHost, first, order, seconds: work, ...limits }
}

/** Whether some zone is tighter than the service as a whole. */
function hasZoneLimits({
  maxUnavailable,
  maxUnavailablePerZone: perZone,
}: PlanningProblem['services'][number]): boolean {
  if (perZone === undefined) return false
  return (typeof perZone === 'number' ? [perZone] : Object.values(perZone)).some((most) => most < maxUnavailable)
}

function ordered({ seconds, dues }: Hosts, kindOfHost: Int32Array, count: number) {
  const first = new Int32Array(count + 1)
  for (const kind of kindOfHost) first[kind + 1] = (first[kind + 1] ?? 0) + 1
  for (let kind = 0; kind < count; kind++) first[kind + 1] = (first[kind + 1] ?? 0) + (first[kind] ?? 0)
  const next = first.slice()
  const order = new Int32Array(kindOfHost.length)
  kindOfHost.forEach((kind, host) => {
    const at = next[kind] ?? 0
    order[at] = host
    next[kind] = at + 1
  })
  const byLength = (one: number, other: number) => {
    const longer = (seconds[other] ?? 0) - (seconds[one] ?? 0)
    if (longer !== 0) return longer
    const [due, otherDue] = [dues[one] ?? 0, dues[other] ?? 0]
    return due < otherDue ? -1 : due > otherDue ? 1 : one - other
  }
  for (let kind = 0; kind < count; kind++) order.subarray(first[kind], first[kind + 1]).sort(byLength)
  return { first, order }
}

function limitsOf(
  { services, groups, zoneNames }: Pick<KindsInput, 'services' | 'groups' | 'zoneNames'>,
  kinds: Pick<Kinds, 'groupOf' | 'first' | 'seconds'> & { readonly zoneOf: readonly number[] },
) {
  const { groupOf, zoneOf, first } = kinds
  const most: number[] = services.map(({ maxUnavailable }) => maxUnavailable)
  const serviceOf: number[] = services.map((_, index) => index)
  const zoned = new Map<number, number>()
  const zoneLimitOf = (service: number, zone: number): number[] => {
    const own = services[service]
    if (!own || !hasZoneLimits(own)) return []
    const key = service * zoneNames.length + zone
    const known = zoned.get(key)
    if (known !== undefined) return [known]
    zoned.set(key, most.length)
    serviceOf.push(service)
    return [most.push(zoneLimit(own, zoneNames[zone] ?? '')) - 1]
  }
  const byKind = groupOf.map((group, kind) =>
    (groups[group] ?? []).flatMap((service) => [service, ...zoneLimitOf(service, zoneOf[kind] ?? 0)]),
  )
  const seconds = new Float64Array(most.length)
  const counts = new Int32Array(most.length)
  byKind.forEach((limits, kind) => {
    for (const limit of limits) {
      seconds[limit] = (seconds[limit] ?? 0) + (kinds.seconds[kind] ?? 0)
      counts[limit] = (counts[limit] ?? 0) + (first[kind + 1] ?? 0) - (first[kind] ?? 0)
    }
  })
  const gaps = seconds.map((sum, limit) => sum / Math.max(1, counts[limit] ?? 1) / (most[limit] ?? 1))
  const limitFirst = new Int32Array(groupOf.length + 1)
  byKind.forEach((limits, kind) => {
    limitFirst[kind + 1] = (limitFirst[kind] ?? 0) + limits.length
  })
  return {
    limitFirst,
    limitOf: Int32Array.from(byKind.flat()),
    limits: { servicesCount: services.length, most, serviceOf, seconds, gaps },
  }
}

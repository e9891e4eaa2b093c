/** From minimum healthy to how many hosts may be down: floors first, and unknown hosts count as down. */

import type { Catalogue, Service } from '../catalogue/index.ts'
import type { Asset } from '../inventory/index.ts'
import { byKey } from '../kit/by-text.ts'
import { ownValue } from '../kit/table.ts'
import { reach } from './dependencies.ts'
import type { Plan } from './plan.ts'

type Limit = Plan['limits'][number]

const shareOf = (share: string, hosts: number) => (Number(share.slice(0, -1)) * hosts) / 100

/** `80%` of 7 hosts is 6: a share of minimum healthy is rounded up. */
export function minimumOf(countOrShare: number | string, hosts: number): number {
  return typeof countOrShare === 'number' ? countOrShare : Math.ceil(shareOf(countOrShare, hosts))
}

/** `10%` of 19 hosts is 1: a share of a budget is rounded down. */
export function budgetOf(countOrShare: number | string, hosts: number): number {
  return typeof countOrShare === 'number' ? countOrShare : Math.floor(shareOf(countOrShare, hosts))
}

/** I2: limits of one service over all its nodes, including those outside the plan; dependencies at any depth. */
export function limitOf(service: Service, assets: readonly Asset[], catalogue: Catalogue): Limit {
  const own = assets.filter(({ services }) => services.includes(service.name))
  const spare = (group: readonly Asset[], minimum: number) =>
    Math.max(0, group.filter(({ isOnline }) => isOnline).length - minimum)
  const minimumHealthy = minimumOf(service.minimumHealthy, own.length)
  const graph = new Map(catalogue.services.map(({ name, dependsOn }) => [name, dependsOn]))
  return {
    service: service.name,
    hosts: own.length,
    minimumHealthy,
    unavailableMax: Math.min(spare(own, minimumHealthy), service.concurrencyMax),
    unavailableMaxByZone: Object.fromEntries(
      [...Map.groupBy(own, ({ zone }) => zone)]
        .map(([zone, group]) => [zone, spare(group, minimumOf(service.minimumHealthyPerZone, group.length))] as const)
        .toSorted(byKey),
    ),
    dependsOn: reach([service.name], graph),
  }
}

/** Why some of these hosts could never be taken down, with the services responsible; undefined if all can. */
export function stuckBy(
  limits: readonly Limit[],
  hosts: readonly Asset[],
): { readonly because: string; readonly names: readonly string[] } | undefined {
  const stuck = limits.flatMap((limit) => {
    const { service, hosts: all, minimumHealthy, unavailableMax, unavailableMaxByZone } = limit
    if (unavailableMax === 0)
      return [{ service, because: `${service} needs ${minimumHealthy} of ${all} healthy and has none to spare` }]
    const zones = [...new Set(hosts.flatMap(({ services, zone }) => (services.includes(service) ? [zone] : [])))].sort()
    const full = zones.filter((zone) => (ownValue(unavailableMaxByZone, zone) ?? 0) === 0)
    return full.length > 0 ? [{ service, because: `${service} has none to spare in ${full.join(', ')}` }] : []
  })
  if (stuck.length === 0) return undefined
  return {
    because: `minimum healthy lets no host go down (offline nodes count as down): ${stuck.map(({ because }) => because).join('; ')}`,
    names: stuck.map(({ service }) => service),
  }
}

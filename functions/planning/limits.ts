/** From minimum healthy to how many hosts may be down: floors first, unknown hosts count as down. */
import type { Asset, Service } from '../catalogue/index.ts'
import type { Plan } from './plan.ts'

type Limit = Plan['limits'][number]

/** `80%` of 7 hosts is 6: a share of minimum healthy is rounded up. */
export function minimumOf(countOrShare: number | string, hosts: number): number {
  return typeof countOrShare === 'number' ? countOrShare : Math.ceil((Number(countOrShare.slice(0, -1)) * hosts) / 100)
}

/** Limits of one service over all its nodes, also those that the plan does not touch. */
export function limitOf(service: Service, assets: readonly Asset[]): Limit {
  const own = assets.filter(({ services }) => services.includes(service.name))
  const spare = (group: readonly Asset[], minimum: number) =>
    Math.max(0, group.filter(({ isOnline }) => isOnline).length - minimum)
  const minimumHealthy = minimumOf(service.minimumHealthy, own.length)
  const zones = Map.groupBy(own, ({ zone }) => zone)
  return {
    service: service.name,
    hosts: own.length,
    minimumHealthy,
    unavailableMax: spare(own, minimumHealthy),
    unavailableMaxByZone: Object.fromEntries(
      [...zones]
        .map(([zone, group]) => [zone, spare(group, minimumOf(service.minimumHealthyPerZone, group.length))] as const)
        .toSorted(([left], [right]) => (left < right ? -1 : 1)),
    ),
    dependsOn: service.dependsOn.toSorted(),
  }
}

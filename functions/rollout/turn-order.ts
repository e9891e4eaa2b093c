/** In which order waiting hosts are looked at: the planner's priorities, worked out again from what is left. */
import type { Plan } from '../planning/index.ts'
import { type HostFacts, isUnavailable } from './budgets.ts'
import { type HostProgress, isFinal } from './ring.ts'

interface Urgency {
  /** Rounds that the tightest of the host's services and zones still needs. */
  readonly rounds: number
  readonly services: number
  readonly order: number
}

/**
 * Critical first: hosts of the service or zone with most work left over what it may have down, then hosts that serve most
 * services, then the plan's order.
 */
export function urgencyOf(
  hosts: readonly (readonly [string, HostProgress])[],
  facts: ReadonlyMap<string, HostFacts>,
  { limits }: Plan,
): Map<string, Urgency> {
  const left = new Map<string, number>()
  for (const [hostId, host] of hosts) {
    const own = facts.get(hostId)
    if (!own || isFinal(host)) continue
    for (const key of own.services.flatMap((name) => [name, `${name}\n${own.zone}`]))
      left.set(key, (left.get(key) ?? 0) + 1)
  }
  const limitOf = new Map(limits.map((limit) => [limit.service, limit]))
  const roundsOf = ({ services, zone }: HostFacts) =>
    Math.max(
      0,
      ...services.flatMap((name) => {
        const limit = limitOf.get(name)
        return [
          (left.get(name) ?? 0) / Math.max(1, limit?.unavailableMax ?? 1),
          (left.get(`${name}\n${zone}`) ?? 0) / Math.max(1, limit?.unavailableMaxByZone[zone] ?? 1),
        ]
      }),
    )
  return new Map(
    hosts.flatMap(([hostId]) => {
      const own = facts.get(hostId)
      return own ? [[hostId, { rounds: roundsOf(own), services: own.services.length, order: own.order }] as const] : []
    }),
  )
}

/** Hosts that are down come first, so that they come up again; then hosts that are ready before those that only prepare. */
export function byTurn(
  [leftId, left]: readonly [string, HostProgress],
  [rightId, right]: readonly [string, HostProgress],
  urgency: ReadonlyMap<string, Urgency>,
): number {
  const rank = (host: HostProgress) => (isUnavailable(host) ? 0 : 1)
  const [one, other] = [urgency.get(leftId), urgency.get(rightId)]
  return (
    rank(left) - rank(right) ||
    (other?.rounds ?? 0) - (one?.rounds ?? 0) ||
    (other?.services ?? 0) - (one?.services ?? 0) ||
    (one?.order ?? 0) - (other?.order ?? 0) ||
    (leftId < rightId ? -1 : 1)
  )
}

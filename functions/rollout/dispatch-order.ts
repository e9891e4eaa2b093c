/** Orders waiting hosts: those on the ring's critical path first. */
import { byText } from '../kit/by-text.ts'
import type { Plan } from '../planning/index.ts'
import { type HostFacts, isUnavailable, zoneLimitOf } from './budgets.ts'
import { type HostProgress, isFinal } from './ring.ts'

/** A host of the ring and the facts it is ranked by. */
export interface Candidate {
  readonly hostId: string
  readonly host: HostProgress
  readonly own: HostFacts
}

/** Least seconds of remaining work, by kind of host: services and zone. */
interface Urgency {
  /** For the tightest of the services, or for its share in the zone. */
  readonly seconds: number
  /** For the zone alone: among hosts of one service, the zone that is behind goes first, so that all end together. */
  readonly inZoneSeconds: number
}

/** Urgency of hosts by kind: remaining seconds of work divided by the hosts that may be down. */
function urgencyOf(
  hosts: Iterable<Pick<Candidate, 'host' | 'own'>>,
  { limits }: Pick<Plan, 'limits'>,
): Map<string, Urgency> {
  const left = new Map<string, number>()
  const kinds = new Map<string, HostFacts>()
  for (const { host, own } of hosts) {
    if (isFinal(host)) continue
    kinds.set(own.kind, own)
    for (const key of own.budgets) left.set(key, (left.get(key) ?? 0) + own.durationSeconds)
  }
  const limitOf = new Map(limits.map((limit) => [limit.service, limit]))
  const secondsOf = (key: string, most: number | undefined) => (left.get(key) ?? 0) / Math.max(1, most ?? 1)
  return new Map(
    [...kinds].map(([kind, { services, zone, budgets }]) => {
      const whole = services.map((name) => secondsOf(name, limitOf.get(name)?.unavailableMax))
      const inZone = services.map((name, index) => {
        const limit = limitOf.get(name)
        return secondsOf(budgets[services.length + index] ?? '', limit && zoneLimitOf(limit, zone))
      })
      const inZoneSeconds = Math.max(0, ...inZone)
      return [kind, { seconds: Math.max(inZoneSeconds, ...whole), inZoneSeconds }]
    }),
  )
}

/**
 * Waiting hosts in order: those that are down, so that they come up again; then those of the service or zone with most
 * work left for its budget; then those that serve most services; then the longest, so that the last ones are short;
 * then the plan's order.
 */
export function dispatchOrder(hosts: readonly Candidate[], plan: Pick<Plan, 'limits'>): Candidate[] {
  const urgency = urgencyOf(hosts, plan)
  const ranked = hosts
    .filter(({ host }) => host.state === 'waiting')
    .map((one) => ({ one, rank: isUnavailable(one.host) ? 0 : 1, urgency: urgency.get(one.own.kind) ?? none }))
  return ranked
    .sort(
      (left, right) =>
        left.rank - right.rank ||
        right.urgency.seconds - left.urgency.seconds ||
        right.urgency.inZoneSeconds - left.urgency.inZoneSeconds ||
        right.one.own.services.length - left.one.own.services.length ||
        right.one.own.durationSeconds - left.one.own.durationSeconds ||
        left.one.own.order - right.one.own.order ||
        byText(left.one.hostId, right.one.hostId),
    )
    .map(({ one }) => one)
}

const none: Urgency = { seconds: 0, inZoneSeconds: 0 }

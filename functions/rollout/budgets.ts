/** Which hosts are down, and whether one more may go: minimum healthy per service and zone, and conflicts. */
import { ownValue } from '../kit/table.ts'
import type { Plan, PlannedRing } from '../planning/index.ts'
import { isSpokenFor, type Occupancies } from './occupancy.ts'
import { type HostProgress, isFinal, type Ring, type StepName } from './ring.ts'

export interface HostFacts {
  readonly services: readonly string[]
  readonly zone: string
  readonly order: number
  readonly durationSeconds: number
  /** What the host counts against: each of its services, then each of them in its zone. */
  readonly budgets: readonly string[]
  /** Services and zone as one key: hosts of one kind are alike to every budget. */
  readonly kind: string
  readonly place?: { readonly account: string; readonly region: string }
}

const disruptive: readonly StepName[] = ['install', 'rollback', 'reboot', 'verify']

/** Down from the start of the install to the end of the proof; a failed or gone host stays down for the budget. */
export function isUnavailable({ step, state }: HostProgress): boolean {
  if (state === 'failed' || state === 'quarantined' || state === 'gone') return true
  if (!disruptive.includes(step)) return false
  return state === 'sent' || (state === 'waiting' && step !== 'install' && step !== 'rollback')
}

const zoneKey = (service: string, zone: string) => `${service}\n${zone}`
const budgetsOf = (services: readonly string[], zone: string) => [
  ...services,
  ...services.map((service) => zoneKey(service, zone)),
]

const known = new WeakMap<Plan, ReadonlyMap<string, HostFacts>>()

/** Facts by host, computed once per plan, because a plan never changes. */
export function hostFactsOf(plan: Plan): ReadonlyMap<string, HostFacts> {
  const facts = known.get(plan) ?? new Map(plan.rings.flatMap(({ hosts }) => hosts.map(hostFactOf)))
  known.set(plan, facts)
  return facts
}

function hostFactOf({
  hostId,
  services,
  zone,
  order,
  durationSeconds,
  account,
  region,
}: PlannedRing['hosts'][number]): [string, HostFacts] {
  const budgets = budgetsOf(services, zone)
  const place = account && region ? { place: { account, region } } : {}
  return [hostId, { services, zone, order, durationSeconds, budgets, kind: budgets.join('\n'), ...place }]
}

/** Hosts of a service that may be down in a zone; zone names come from tags, so only an own key counts. */
export const zoneLimitOf = ({ unavailableMaxByZone }: Plan['limits'][number], zone: string): number =>
  ownValue(unavailableMaxByZone, zone) ?? 0

/** Counts of hosts down by service and by service and zone. */
export class Down {
  private readonly hosts = new Set<string>()
  private readonly counts = new Map<string, number>()
  private readonly limits: ReadonlyMap<string, Plan['limits'][number]>
  private readonly rivals: ReadonlyMap<string, readonly { readonly rival: string }[]>

  constructor({ limits, conflicts }: Plan) {
    this.limits = new Map(limits.map((limit) => [limit.service, limit]))
    this.rivals = Map.groupBy(
      conflicts.flatMap(([one, other]) => [
        { host: one, rival: other },
        { host: other, rival: one },
      ]),
      ({ host }) => host,
    )
  }

  add(hostId: string, { services, zone }: Pick<HostFacts, 'services' | 'zone'>) {
    if (this.hosts.has(hostId)) return
    this.hosts.add(hostId)
    for (const key of budgetsOf(services, zone)) this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
  }

  /** Hosts that others have down: a count, and the ids of those that conflict with other hosts. */
  addOthers({ service, zone, hosts, rivals }: DownElsewhere) {
    for (const key of budgetsOf([service], zone)) this.counts.set(key, (this.counts.get(key) ?? 0) + hosts)
    for (const hostId of rivals) this.hosts.add(hostId)
  }

  has(hostId: string): boolean {
    return this.hosts.has(hostId)
  }

  mayAdd(hostId: string, { services, zone }: Pick<HostFacts, 'services' | 'zone'>): boolean {
    const hasRoom = services.every((service) => {
      const limit = this.limits.get(service)
      return (
        limit !== undefined &&
        (this.counts.get(service) ?? 0) < limit.unavailableMax &&
        (this.counts.get(zoneKey(service, zone)) ?? 0) < zoneLimitOf(limit, zone)
      )
    })
    return hasRoom && !this.rivals.get(hostId)?.some(({ rival }) => this.has(rival))
  }
}

/** Seconds that the longest of the hosts not yet taken down needs: each that starts must end in time. */
export function longestLeftSeconds({ hosts }: Ring, plan: Plan): number {
  const facts = hostFactsOf(plan)
  let longest = 0
  for (const [hostId, host] of Object.entries(hosts))
    if (!isFinal(host) && !isUnavailable(host)) longest = Math.max(longest, facts.get(hostId)?.durationSeconds ?? 0)
  return longest
}

/** Hosts of a service that other changes have down, or earlier rings of this change. */
export interface DownElsewhere {
  readonly service: string
  readonly zone: string
  readonly hosts: number
  readonly rivals: readonly string[]
  readonly isFailed: boolean
}

/** What the services' occupancy adds to the ring's own; an expired entry no longer counts. */
export const downElsewhere = (occupancies: Occupancies, ring: Ring, nowMs: number): DownElsewhere[] =>
  [...occupancies].flatMap(([service, read]) =>
    Object.entries(read?.value.down ?? {}).flatMap(([name, entry]) => {
      if (entry.untilMs <= nowMs || isSpokenFor(name, entry, ring)) return []
      const { zone, isFailed, hosts = 1 } = entry
      return [{ service, zone, isFailed, hosts, rivals: entry.ring === undefined ? [name] : (entry.rivals ?? []) }]
    }),
  )

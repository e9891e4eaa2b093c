/** Updates the occupancy of a ring's services and their dependencies with the hosts that the ring has down. */
import { ownValue } from '../kit/table.ts'
import type { Plan } from '../planning/index.ts'
import { hostFactsOf, isUnavailable } from './budgets.ts'
import {
  type DownHosts,
  dependenciesOf,
  isSpokenFor,
  type Occupancies,
  type ServiceOccupancy,
  unoccupied,
  type WaitMark,
} from './occupancy.ts'
import type { HostProgress, Ring } from './ring.ts'

export interface OccupancyFacts {
  readonly ring: Ring
  readonly plan: Plan
  readonly occupancies: Occupancies
  readonly waits: readonly WaitMark[]
  readonly nowMs: number
  /** Milliseconds after which an entry without renewal expires: longer than any step may take. */
  readonly occupiedMs: number
}

/** Milliseconds that a failed host counts as down for other changes: until people can be expected to have looked. */
const failedMs = 86_400_000

const failedStates: readonly HostProgress['state'][] = ['failed', 'quarantined', 'gone']
const harmless: readonly HostProgress['step'][] = ['precheck', 'restore-point']

interface DownHost {
  readonly hostId: string
  readonly services: readonly string[]
  readonly zone: string
  readonly isFailed: boolean
}

/** Hosts that the ring has taken down. */
function downOf({ ring, plan }: OccupancyFacts): DownHost[] {
  const facts = hostFactsOf(plan)
  return Object.entries(ring.hosts).flatMap(([hostId, host]) => {
    const own = facts.get(hostId)
    if (!own || !isUnavailable(host) || harmless.includes(host.step)) return []
    return [{ hostId, services: own.services, zone: own.zone, isFailed: failedStates.includes(host.state) }]
  })
}

/** Hosts of a service that the ring has down, counted by zone and by whether they come up again. */
function countedIn(service: string, down: readonly DownHost[], facts: OccupancyFacts): Map<string, DownHosts> {
  const { ring, plan, nowMs, occupiedMs } = facts
  const conflicting = new Set(plan.conflicts.flat())
  const groups = Map.groupBy(
    down.filter(({ services }) => services.includes(service)),
    ({ zone, isFailed }) => `${ring.changeId} ${ring.name} ${isFailed ? 'failed' : 'busy'} ${zone}`,
  )
  return new Map(
    [...groups].map(([name, hosts]) => {
      const { zone = '', isFailed = false } = hosts[0] ?? {}
      const rivals = hosts.flatMap(({ hostId }) => (conflicting.has(hostId) ? [hostId] : [])).sort()
      const untilMs = nowMs + (isFailed ? failedMs : occupiedMs)
      const counted = { changeId: ring.changeId, ring: ring.name, zone, isFailed, untilMs, hosts: hosts.length }
      return [name, { ...counted, ...(rivals.length > 0 ? { rivals } : {}) }]
    }),
  )
}

/** The records that must change, by service: hosts went down or came up, or a mark is new or stale. */
export function nextOccupancies(input: OccupancyFacts): Map<string, ServiceOccupancy> {
  const { ring, plan, occupancies, nowMs, occupiedMs } = input
  const down = downOf(input)
  const busy = down.filter(({ isFailed }) => !isFailed)
  const dependencies = new Set(busy.flatMap(({ services }) => dependenciesOf(services, plan)))
  const isStale = (untilMs: number) => untilMs - nowMs < occupiedMs / 2
  const changed = new Map<string, ServiceOccupancy>()
  for (const [service, read] of occupancies) {
    const was = read?.value ?? unoccupied
    const own = countedIn(service, down, input)
    const isSame = (name: string, { hosts, rivals = [], isFailed }: DownHosts) => {
      const known = ownValue(was.down, name)
      if (known?.hosts === undefined || known.hosts !== hosts) return false
      return sameIds(known.rivals ?? [], rivals) && (isFailed || !isStale(known.untilMs))
    }
    const isDownSame =
      [...own].every(([name, counted]) => isSame(name, counted)) &&
      Object.entries(was.down).every(([name, entry]) => own.has(name) || !isSpokenFor(name, entry, ring))
    const dependentsDown = dependencies.has(service) ? nowMs + occupiedMs : undefined
    const isWaiting = (side: WaitMark['side']) =>
      ring.state === 'open' && input.waits.some((mark) => mark.service === service && mark.side === side)
    const isMarkSame = (untilMs: number | undefined, isWanted: boolean) =>
      isWanted ? untilMs !== undefined && !isStale(untilMs) : untilMs === undefined
    if (
      isDownSame &&
      isMarkSame(was.dependentsDown[ring.changeId], dependentsDown !== undefined) &&
      isMarkSame(was.waiting.forService[ring.changeId]?.untilMs, isWaiting('forService')) &&
      isMarkSame(was.waiting.forDependents[ring.changeId]?.untilMs, isWaiting('forDependents'))
    )
      continue
    const mark = { isRollback: ring.mode === 'rollback', untilMs: nowMs + occupiedMs }
    const marks = (side: WaitMark['side']) => ({
      ...others(was.waiting[side], ring.changeId, ({ untilMs }) => untilMs > nowMs),
      ...(isWaiting(side) ? { [ring.changeId]: mark } : {}),
    })
    changed.set(service, {
      down: {
        ...Object.fromEntries(
          Object.entries(was.down).filter(([name, entry]) => entry.untilMs > nowMs && !isSpokenFor(name, entry, ring)),
        ),
        ...Object.fromEntries(own),
      },
      dependentsDown: {
        ...others(was.dependentsDown, ring.changeId, (untilMs) => untilMs > nowMs),
        ...(dependentsDown === undefined ? {} : { [ring.changeId]: dependentsDown }),
      },
      waiting: { forService: marks('forService'), forDependents: marks('forDependents') },
    })
  }
  return changed
}

const sameIds = (left: readonly string[], right: readonly string[]) => left.join(' ') === right.join(' ')

const others = <T>(entries: Readonly<Record<string, T>>, own: string, isAlive: (value: T) => boolean) =>
  Object.fromEntries(Object.entries(entries).filter(([changeId, value]) => changeId !== own && isAlive(value)))

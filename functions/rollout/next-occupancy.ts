/** Updates the occupancy of a ring's services and their dependencies with the hosts that the ring has down. */
import type { Plan } from '../planning/index.ts'
import { isUnavailable } from './budgets.ts'
import { dependenciesOf, type Occupancies, type ServiceOccupancy, unoccupied, type WaitMark } from './occupancy.ts'
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

type Down = ServiceOccupancy['down'][string]

const failedStates: readonly HostProgress['state'][] = ['failed', 'quarantined', 'gone']
const harmless: readonly HostProgress['step'][] = ['precheck', 'restore-point']

/** Hosts that the ring has taken down, with their services. */
function downOf({
  ring,
  plan,
  nowMs,
  occupiedMs,
}: OccupancyFacts): Map<string, { services: readonly string[]; entry: Down }> {
  const planned = plan.rings.flatMap(({ hosts }) => hosts).filter(({ hostId }) => hostId in ring.hosts)
  return new Map(
    planned.flatMap(({ hostId, services, zone }) => {
      const host = ring.hosts[hostId]
      if (!host || !isUnavailable(host) || harmless.includes(host.step)) return []
      const isFailed = failedStates.includes(host.state)
      const untilMs = nowMs + (isFailed ? failedMs : occupiedMs)
      return [[hostId, { services, entry: { changeId: ring.changeId, zone, isFailed, untilMs } }] as const]
    }),
  )
}

/** The records that must change, by service: hosts went down or came up, or a mark is new or stale. */
export function nextOccupancies(input: OccupancyFacts): Map<string, ServiceOccupancy> {
  const { ring, plan, occupancies, nowMs, occupiedMs } = input
  const down = downOf(input)
  const busy = [...down.values()].filter(({ entry }) => !entry.isFailed)
  const dependencies = new Set(busy.flatMap(({ services }) => dependenciesOf(services, plan)))
  const isStale = (untilMs: number) => untilMs - nowMs < occupiedMs / 2
  const changed = new Map<string, ServiceOccupancy>()
  for (const [service, read] of occupancies) {
    const was = read?.value ?? unoccupied
    const own = [...down].flatMap(([hostId, { services, entry }]) =>
      services.includes(service) ? [[hostId, entry] as const] : [],
    )
    const isDownSame =
      own.every(([hostId, entry]) => {
        const known = was.down[hostId]
        return (
          known?.changeId === ring.changeId &&
          known.isFailed === entry.isFailed &&
          (entry.isFailed || !isStale(known.untilMs))
        )
      }) &&
      Object.entries(was.down).every(
        ([hostId, { changeId }]) => changeId !== ring.changeId || !(hostId in ring.hosts) || down.has(hostId),
      )
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
          Object.entries(was.down).filter(
            ([hostId, { changeId, untilMs }]) =>
              untilMs > nowMs && (changeId !== ring.changeId || !(hostId in ring.hosts)),
          ),
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

const others = <T>(entries: Readonly<Record<string, T>>, own: string, isAlive: (value: T) => boolean) =>
  Object.fromEntries(Object.entries(entries).filter(([changeId, value]) => changeId !== own && isAlive(value)))

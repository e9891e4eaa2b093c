/** What a ring has in work, written into the records of its services and of those they depend on. */
import type { Plan } from '../planning/index.ts'
import { isUnavailable } from './budgets.ts'
import type { HostProgress, Ring } from './ring.ts'
import { dependenciesOf, nothing, type ServiceWork, type WantMark, type Works } from './work.ts'

export interface Claiming {
  readonly ring: Ring
  readonly plan: Plan
  readonly works: Works
  readonly wants: readonly WantMark[]
  readonly nowMs: number
  /** How long a claim stands without a sign of life: longer than any step may take. */
  readonly claimMs: number
}

/** A host that failed counts as down for other changes until people can be expected to have looked. */
const failedMs = 86_400_000

type Down = ServiceWork['down'][string]

const failedStates: readonly HostProgress['state'][] = ['failed', 'quarantined', 'gone']
const harmless: readonly HostProgress['step'][] = ['precheck', 'restore-point']

/** Hosts of the ring that are down by our doing, with the services that miss them. */
function downOf({ ring, plan, nowMs, claimMs }: Claiming): Map<string, { services: readonly string[]; entry: Down }> {
  const planned = plan.rings.flatMap(({ hosts }) => hosts).filter(({ hostId }) => hostId in ring.hosts)
  return new Map(
    planned.flatMap(({ hostId, services, zone }) => {
      const host = ring.hosts[hostId]
      if (!host || !isUnavailable(host) || harmless.includes(host.step)) return []
      const isFailed = failedStates.includes(host.state)
      const untilMs = nowMs + (isFailed ? failedMs : claimMs)
      return [[hostId, { services, entry: { changeId: ring.changeId, zone, isFailed, untilMs } }] as const]
    }),
  )
}

/** The records that must change, by service: hosts went down or came up, a mark is new or stale. */
export function claims(input: Claiming): Map<string, ServiceWork> {
  const { ring, plan, works, nowMs, claimMs } = input
  const down = downOf(input)
  const busy = [...down.values()].filter(({ entry }) => !entry.isFailed)
  const dependencies = new Set(busy.flatMap(({ services }) => dependenciesOf(services, plan)))
  const isStale = (untilMs: number) => untilMs - nowMs < claimMs / 2
  const changed = new Map<string, ServiceWork>()
  for (const [service, read] of works) {
    const was = read?.value ?? nothing
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
    const above = dependencies.has(service) ? nowMs + claimMs : undefined
    const wants = (side: WantMark['side']) =>
      ring.state === 'open' && input.wants.some((mark) => mark.service === service && mark.side === side)
    const isMarkSame = (untilMs: number | undefined, isWanted: boolean) =>
      isWanted ? untilMs !== undefined && !isStale(untilMs) : untilMs === undefined
    if (
      isDownSame &&
      isMarkSame(was.above[ring.changeId], above !== undefined) &&
      isMarkSame(was.wants.below[ring.changeId]?.untilMs, wants('below')) &&
      isMarkSame(was.wants.above[ring.changeId]?.untilMs, wants('above'))
    )
      continue
    const mark = { isRollback: ring.mode === 'rollback', untilMs: nowMs + claimMs }
    const marks = (side: WantMark['side']) => ({
      ...others(was.wants[side], ring.changeId, ({ untilMs }) => untilMs > nowMs),
      ...(wants(side) ? { [ring.changeId]: mark } : {}),
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
      above: {
        ...others(was.above, ring.changeId, (untilMs) => untilMs > nowMs),
        ...(above === undefined ? {} : { [ring.changeId]: above }),
      },
      wants: { below: marks('below'), above: marks('above') },
    })
  }
  return changed
}

const others = <T>(entries: Readonly<Record<string, T>>, own: string, isAlive: (value: T) => boolean) =>
  Object.fromEntries(Object.entries(entries).filter(([changeId, value]) => changeId !== own && isAlive(value)))

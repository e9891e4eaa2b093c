/**
 * Which hosts of a service changes have down, and who waits: one record per service, so that minimum healthy and
 * dependencies hold across changes.
 */
import * as z from 'zod'
import { keys } from '../kit/keys.ts'
import type { Ledger, Move, RecordKind, Stored } from '../kit/ledger.ts'
import { tableOf } from '../kit/table.ts'
import type { Plan } from '../planning/index.ts'
import { HostId, type Ring } from './ring.ts'

const Waiting = z.strictObject({ isRollback: z.boolean(), untilMs: z.number() })

/** Hosts of one zone that a ring has down: a count, so that the record does not grow with the hosts. */
const DownHosts = z.strictObject({
  changeId: z.string(),
  /** Absent: one host, by whose id an older Drydock put it down. */
  ring: z.string().optional(),
  zone: z.string(),
  isFailed: z.boolean(),
  untilMs: z.number(),
  hosts: z.number().int().min(1).optional(),
  /** Those of them that conflict with other hosts. */
  rivals: z.array(HostId).optional(),
})
/** Hosts of one zone that a ring has down. */
export type DownHosts = z.infer<typeof DownHosts>

export const ServiceOccupancy = z.strictObject({
  /** Hosts of the service that changes have taken down; failed ones stay down for everyone until `untilMs`. */
  down: tableOf(DownHosts),
  /** Changes that have hosts down of a service that depends on this one. */
  dependentsDown: tableOf(z.number()),
  /** Changes that wait to take down hosts of this service or of one that depends on it. */
  waiting: z.strictObject({ forService: tableOf(Waiting), forDependents: tableOf(Waiting) }),
})
export type ServiceOccupancy = z.infer<typeof ServiceOccupancy>

/** The occupancy of a service, one record per service. */
export const ServiceOccupancyRecord: RecordKind<ServiceOccupancy> = {
  kind: 'service-occupancy',
  schema: ServiceOccupancy,
}

/** Whether a ring speaks for these hosts: they are its own; a rollback speaks for all that its change has down. */
export const isSpokenFor = (
  name: string,
  { changeId, ring: by }: DownHosts,
  ring: Pick<Ring, 'changeId' | 'name' | 'mode' | 'hosts'>,
): boolean =>
  changeId === ring.changeId &&
  (by === ring.name || ring.mode === 'rollback' || (by === undefined && Object.hasOwn(ring.hosts, name)))

/** Records by service, for every service of the plan's hosts and all that these depend on. */
export type Occupancies = ReadonlyMap<string, Stored<ServiceOccupancy> | undefined>

export const unoccupied: ServiceOccupancy = {
  down: {},
  dependentsDown: {},
  waiting: { forService: {}, forDependents: {} },
}

/** Most occupancy records per transaction, besides the ring's own. */
export const occupancyRecordsMax = 60

/** The services whose occupancy a plan must know. */
export const occupiedServices = ({ limits }: Pick<Plan, 'limits'>): string[] =>
  [...new Set(limits.flatMap(({ service, dependsOn }) => [service, ...dependsOn]))].sort()

/** Strongly consistent, because what was committed a moment ago counts. */
export async function readOccupancies(plan: Plan, ledger: Ledger): Promise<Occupancies> {
  const read = occupiedServices(plan).map(
    async (service) => [service, await ledger.read(ServiceOccupancyRecord, keys.occupancy(service))] as const,
  )
  return new Map(await Promise.all(read))
}

export const occupancyMove = (service: string, occupancies: Occupancies, value: ServiceOccupancy): Move => ({
  kind: ServiceOccupancyRecord.kind,
  key: keys.occupancy(service),
  from: occupancies.get(service)?.version ?? 0,
  value,
})

/** The contender: a rollback goes before a patch, then the older change (a ULID sorts by time) before the younger. */
export interface Contender {
  readonly changeId: string
  readonly isRollback: boolean
}

export interface WaitMark {
  readonly service: string
  readonly side: 'forService' | 'forDependents'
}

export type Admission =
  | { readonly kind: 'admit' }
  /** Another change has hosts down; these marks ask it not to take down more. */
  | { readonly kind: 'blocked'; readonly waits: readonly WaitMark[] }
  /** A change with precedence waits here. */
  | { readonly kind: 'yield' }

/**
 * I3 across changes: whether hosts of these services may go down now.
 *
 * Bringing hosts up never waits for anyone, and waiting changes have a total order, so there is no deadlock.
 */
export function admissionOf(
  services: readonly string[],
  plan: Pick<Plan, 'limits'>,
  occupancies: Occupancies,
  own: Contender,
  nowMs: number,
): Admission {
  const dependencies = dependenciesOf(services, plan)
  const occupancyOf = (service: string) => occupancies.get(service)?.value ?? unoccupied
  const isOthers = (changeId: string, untilMs: number) => changeId !== own.changeId && untilMs > nowMs
  const waits: WaitMark[] = [
    ...services
      .filter((service) =>
        Object.entries(occupancyOf(service).dependentsDown).some(([id, untilMs]) => isOthers(id, untilMs)),
      )
      .map((service) => ({ service, side: 'forService' as const })),
    ...dependencies
      .filter((service) =>
        Object.values(occupancyOf(service).down).some(
          ({ changeId, isFailed, untilMs }) => !isFailed && isOthers(changeId, untilMs),
        ),
      )
      .map((service) => ({ service, side: 'forDependents' as const })),
  ]
  if (waits.length > 0) return { kind: 'blocked', waits }
  const isFirst = (marks: ServiceOccupancy['waiting']['forService']) =>
    Object.entries(marks).some(
      ([changeId, { isRollback, untilMs }]) =>
        isOthers(changeId, untilMs) && hasPrecedence({ changeId, isRollback }, own),
    )
  const mustYield =
    services.some((service) => isFirst(occupancyOf(service).waiting.forDependents)) ||
    dependencies.some((service) => isFirst(occupancyOf(service).waiting.forService))
  return mustYield ? { kind: 'yield' } : { kind: 'admit' }
}

const hasPrecedence = (one: Contender, other: Contender) =>
  one.isRollback === other.isRollback ? one.changeId < other.changeId : one.isRollback

/** Everything that these services depend on, directly or not. */
export const dependenciesOf = (services: readonly string[], { limits }: Pick<Plan, 'limits'>): string[] => [
  ...new Set(limits.flatMap(({ service, dependsOn }) => (services.includes(service) ? dependsOn : []))),
]

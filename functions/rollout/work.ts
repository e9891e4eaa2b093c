/** What changes have in work on a service: one record a service, so that floors and dependencies hold across changes. */
import * as z from 'zod'
import { keys } from '../kit/keys.ts'
import type { Ledger, Move, RecordKind, Stored } from '../kit/ledger.ts'
import type { Plan } from '../planning/index.ts'

const Want = z.strictObject({ isRollback: z.boolean(), untilMs: z.number() })

export const ServiceWork = z.strictObject({
  /** Hosts of the service that a change has taken down; those that failed stay down for everyone until `untilMs`. */
  down: z.record(
    z.string(),
    z.strictObject({ changeId: z.string(), zone: z.string(), isFailed: z.boolean(), untilMs: z.number() }),
  ),
  /** Changes that have hosts down of a service that depends on this one. */
  above: z.record(z.string(), z.number()),
  /** Changes that wait: `below` to work on this service, `above` on one that depends on it. */
  wants: z.strictObject({ below: z.record(z.string(), Want), above: z.record(z.string(), Want) }),
})
export type ServiceWork = z.infer<typeof ServiceWork>

export const ServiceWorkRecord: RecordKind<ServiceWork> = { kind: 'service-work', schema: ServiceWork }

/** Records by service, for every service that a plan takes hosts of or that one of them depends on. */
export type Works = ReadonlyMap<string, Stored<ServiceWork> | undefined>

export const nothing: ServiceWork = { down: {}, above: {}, wants: { below: {}, above: {} } }

/** Records that one plan may need in a transaction beside its ring's own. */
export const workRecordsMax = 60

/** The services whose work a plan must know of. */
export const workServices = ({ limits }: Pick<Plan, 'limits'>): string[] =>
  [...new Set(limits.flatMap(({ service, dependsOn }) => [service, ...dependsOn]))].sort()

/** Strongly consistent: what was committed a moment ago counts. */
export async function readWorks(plan: Plan, ledger: Ledger): Promise<Works> {
  const read = workServices(plan).map(
    async (service) => [service, await ledger.read(ServiceWorkRecord, keys.work(service))] as const,
  )
  return new Map(await Promise.all(read))
}

export const workMove = (service: string, works: Works, value: ServiceWork): Move => ({
  kind: ServiceWorkRecord.kind,
  key: keys.work(service),
  from: works.get(service)?.version ?? 0,
  value,
})

/** Who asks: a rollback goes before a patch, then the older change (a ULID sorts by time) before the younger. */
export interface Claimant {
  readonly changeId: string
  readonly isRollback: boolean
}

export interface WantMark {
  readonly service: string
  readonly side: 'below' | 'above'
}

export type Standing =
  | { readonly kind: 'free' }
  /** Another change is at work; these marks ask it to take no more hosts down. */
  | { readonly kind: 'busy'; readonly wants: readonly WantMark[] }
  /** A change that goes first waits here. */
  | { readonly kind: 'yield' }

/**
 * I3 across changes: whether hosts of these services may go down now.
 *
 * Nobody who has hosts down waits for a claim to bring them up again, and those who wait stand in one order, so no two
 * changes wait for each other.
 */
export function standingOf(
  services: readonly string[],
  plan: Pick<Plan, 'limits'>,
  works: Works,
  own: Claimant,
  nowMs: number,
): Standing {
  const dependencies = dependenciesOf(services, plan)
  const workOf = (service: string) => works.get(service)?.value ?? nothing
  const isOthers = (changeId: string, untilMs: number) => changeId !== own.changeId && untilMs > nowMs
  const wants: WantMark[] = [
    ...services
      .filter((service) => Object.entries(workOf(service).above).some(([id, untilMs]) => isOthers(id, untilMs)))
      .map((service) => ({ service, side: 'below' as const })),
    ...dependencies
      .filter((service) =>
        Object.values(workOf(service).down).some(
          ({ changeId, isFailed, untilMs }) => !isFailed && isOthers(changeId, untilMs),
        ),
      )
      .map((service) => ({ service, side: 'above' as const })),
  ]
  if (wants.length > 0) return { kind: 'busy', wants }
  const isFirst = (marks: ServiceWork['wants']['below']) =>
    Object.entries(marks).some(
      ([changeId, { isRollback, untilMs }]) => isOthers(changeId, untilMs) && goesBefore({ changeId, isRollback }, own),
    )
  const mustYield =
    services.some((service) => isFirst(workOf(service).wants.above)) ||
    dependencies.some((service) => isFirst(workOf(service).wants.below))
  return mustYield ? { kind: 'yield' } : { kind: 'free' }
}

const goesBefore = (one: Claimant, other: Claimant) =>
  one.isRollback === other.isRollback ? one.changeId < other.changeId : one.isRollback

/** Everything that these services depend on, directly or not. */
export const dependenciesOf = (services: readonly string[], { limits }: Pick<Plan, 'limits'>): string[] => [
  ...new Set(limits.flatMap(({ service, dependsOn }) => (services.includes(service) ? dependsOn : []))),
]

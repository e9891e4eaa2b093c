/** Finds outcomes by change, by host, and by service and period, a page at a time. */
import { lists, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { RestoreDrillRecord } from './drill.ts'
import { type HostOutcome, HostOutcomeRecord } from './outcome.ts'
import { type OutcomeSet, OutcomeSetRecord, type ServiceOutcome, ServiceOutcomeRecord } from './outcome-set.ts'

/** One page of results, with the token of the next. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Token for the next page; absent on the last. */
  readonly next?: string
}

/** Which page, and how many items it holds. */
export interface PageOptions {
  /** Items per page, 1 to 1,000. */
  readonly limit: number
  readonly after?: string
}

type Reads = Pick<Ledger, 'query' | 'list'>

/** The complete sets of a change, by sequence; strongly consistent. */
export async function outcomeSetsOf(changeId: string, ledger: Reads): Promise<OutcomeSet[]> {
  return (await ledger.query(OutcomeSetRecord, partitions.outcomes(changeId), prefixes.outcomeSet)).map(
    ({ value }) => value,
  )
}

/** Hosts of one end of a change, in order of host; eventually consistent, so compare with the set's `hosts`. */
export async function outcomesOfChange(
  changeId: string,
  sequence: number,
  options: PageOptions,
  ledger: Reads,
): Promise<Page<HostOutcome>> {
  return pageOf(await ledger.list(HostOutcomeRecord, lists.hostOutcomesOf(changeId, sequence), options), options)
}

/** Every outcome of a host, oldest change first; strongly consistent. */
export async function outcomesOfHost(hostId: string, ledger: Reads): Promise<HostOutcome[]> {
  return (await ledger.query(HostOutcomeRecord, partitions.host(hostId), prefixes.hostOutcome)).map(
    ({ value }) => value,
  )
}

/** A period of time by two instants (ISO 8601 UTC). */
export interface Period {
  /** ISO 8601 UTC instants with milliseconds: start included, end excluded. */
  readonly from: string
  readonly to: string
}

/** The cost to a service of changes that ended in a period, oldest first; eventually consistent. */
export async function outcomesOfService(
  service: string,
  { from, to }: Period,
  options: PageOptions,
  ledger: Reads,
): Promise<Page<ServiceOutcome>> {
  const page = pageOf(
    await ledger.list(ServiceOutcomeRecord, lists.serviceOutcomesOf(service), {
      limit: options.limit,
      // A sort key is longer than the instant that it starts with, so it sorts after it.
      after: options.after ?? from,
    }),
    options,
  )
  const items = page.items.filter(({ at }) => at < to)
  const isOver = items.length < page.items.length
  return { items, ...(page.next === undefined || isOver ? {} : { next: page.next }) }
}

function pageOf<T>(rows: readonly { readonly value: T; readonly listSk?: string }[], { limit }: PageOptions): Page<T> {
  const next = rows.length < limit ? undefined : rows.at(-1)?.listSk
  return { items: rows.map(({ value }) => value), ...(next === undefined ? {} : { next }) }
}

/** The newest known restore of a service, drill or rollback, and how long it took. */
export interface LastRestore {
  readonly by: 'drill' | 'rollback'
  readonly at: string
  readonly seconds: number | 'unknown'
  /** Whether everything was restored. */
  readonly ok: boolean | 'unknown'
}

/** 1.4: the restore time that a gate compares with the RTO; `unknown` if nothing was ever restored. */
export async function lastRestoreOf(service: string, ledger: Reads): Promise<LastRestore | 'unknown'> {
  const [drill, rollback] = await Promise.all([lastDrillOf(service, ledger), lastRollbackOf(service, ledger)])
  if (!drill || !rollback) return drill ?? rollback ?? 'unknown'
  return drill.at > rollback.at ? drill : rollback
}

async function lastDrillOf(service: string, ledger: Reads): Promise<LastRestore | undefined> {
  const drills = await ledger.query(RestoreDrillRecord, partitions.drills(service), prefixes.drill)
  const last = drills.at(-1)?.value
  return last && { by: 'drill', at: last.at, seconds: last.seconds, ok: last.ok }
}

const readAtOnce = 50

async function lastRollbackOf(service: string, ledger: Reads): Promise<LastRestore | undefined> {
  let after: string | undefined
  for (;;) {
    const rows = await ledger.list(ServiceOutcomeRecord, lists.serviceOutcomesOf(service), {
      newestFirst: true,
      limit: readAtOnce,
      ...(after === undefined ? {} : { after }),
    })
    const found = rows.find(({ value }) => value.rollback !== undefined)?.value
    if (found?.rollback) return restoreOf(found, found.rollback)
    after = rows.at(-1)?.listSk
    if (rows.length < readAtOnce || after === undefined) return undefined
  }
}

function restoreOf(
  { at, verdicts }: ServiceOutcome,
  { tookSeconds }: NonNullable<ServiceOutcome['rollback']>,
): LastRestore {
  const lost = (verdicts.quarantined ?? 0) + (verdicts.failed ?? 0) + (verdicts.gone ?? 0)
  return { by: 'rollback', at, seconds: tookSeconds, ok: (verdicts.unknown ?? 0) > 0 ? 'unknown' : lost === 0 }
}

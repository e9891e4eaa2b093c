/** 5.8: searches the execution log by host, and by change and time, by one query a page. */
import { ChangeRecord } from '../changes/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { lists, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger, Stored } from '../kit/ledger.ts'
import { everyListed } from '../kit/listed.ts'
import { type StepLog, StepLogRecord } from './step-log.ts'

/** A search of the execution log; all given parts must match. */
export interface StepSearch {
  readonly hostId?: string
  readonly changeId?: string
  /** ISO instants: start included, end excluded. */
  readonly since?: string
  readonly until?: string
  /** `next` of the page before: what is older than its steps. */
  readonly before?: string
  /** Most steps of a page; the newest are in the first. */
  readonly limit: number
}

/** A step, and when its end was recorded. */
export type FoundStep = StepLog & { readonly at: string }

/** A page of matching steps. */
export interface FoundSteps {
  /** Oldest first. */
  readonly steps: readonly FoundStep[]
  /** Where older ones are; absent where none match. */
  readonly next?: string
}

/** A step with its place in the log: instants first, so places sort by time. */
interface Placed {
  readonly place: string
  readonly step: FoundStep
}

/**
 * The newest matching steps, oldest first. A change and a host with its years of steps are one query each; a time alone
 * is searched for in every change that moved since.
 */
export async function searchSteps(search: StepSearch, ledger: Pick<Ledger, 'query' | 'list'>): Promise<FoundSteps> {
  const { hostId, changeId, limit } = search
  if (hostId !== undefined) return pageOf(await stepsOnHost(hostId, search, ledger), limit)
  if (changeId !== undefined) return pageOf(await stepsOfChange(changeId, search, ledger), limit)
  const found: Placed[] = []
  for await (const page of everyListed(ledger, ChangeRecord, lists.changes))
    for (const { value } of page)
      if (search.since === undefined || value.updatedAt >= search.since)
        found.push(...(await stepsOfChange(value.changeId, search, ledger)))
  return pageOf(found, limit)
}

/** The newest of those found; one more than `limit` tells that there are older ones. */
function pageOf(found: readonly Placed[], limit: number): FoundSteps {
  const newest = found.toSorted(byTextOf(({ place }) => place)).slice(-limit)
  const next = found.length > limit ? newest[0]?.place : undefined
  return { steps: newest.map(({ step }) => step), ...(next === undefined ? {} : { next }) }
}

/** All of a host's steps since an instant: some sixty a year where it is patched each month. */
async function stepsOnHost(
  hostId: string,
  { changeId, since = '', until = '~', before = '~' }: StepSearch,
  ledger: Pick<Ledger, 'query'>,
): Promise<Placed[]> {
  const found = await ledger.query(StepLogRecord, partitions.host(hostId), prefixes.step, {
    after: `${prefixes.step}${since}`,
  })
  return found
    .filter(({ value }) => changeId === undefined || value.changeId === changeId)
    .map((one) => ({ place: one.key.sk.slice(prefixes.step.length), step: atOf(one) }))
    .filter(({ place, step }) => step.at < until && place < before)
}

/** The newest steps of a change, one more than a page. */
async function stepsOfChange(
  changeId: string,
  { since = '', until, before, limit }: StepSearch,
  ledger: Pick<Ledger, 'list'>,
): Promise<Placed[]> {
  const after = [until, before].filter((bound) => bound !== undefined).toSorted()[0]
  const found = await ledger.list(StepLogRecord, lists.stepsOf(changeId), {
    newestFirst: true,
    limit: limit + 1,
    ...(after === undefined ? {} : { after }),
  })
  return found.map((one) => ({ place: one.listSk ?? '', step: atOf(one) })).filter(({ step: { at } }) => at >= since)
}

/** The key of a step begins with its instant: `STEP#<at>#…`. */
const atOf = ({ key, value }: Stored<StepLog>): FoundStep => ({ ...value, at: key.sk.split('#')[1] ?? '' })

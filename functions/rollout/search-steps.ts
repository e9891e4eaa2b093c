/** 5.8: searches the execution log by host, and by change and time, by one query a page. */
import { ChangeRecord } from '../changes/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { keys, lists, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { everyListed } from '../kit/listed.ts'
import { instantMs, isoInstant } from '../kit/time.ts'
import { LeaseRecord } from './lease.ts'
import { RingHostRecord } from './ring-record.ts'
import { type FoundStep, foundSteps, StepLogRecord, stepsOn } from './step-log.ts'

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
export async function searchSteps(
  search: StepSearch,
  ledger: Pick<Ledger, 'read' | 'query' | 'list'>,
): Promise<FoundSteps> {
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

/** All of a host's steps: some sixty a year where it is patched each month; those of now stand with its ring. */
async function stepsOnHost(
  hostId: string,
  { changeId, since = '', until = '~', before = '~' }: StepSearch,
  ledger: Pick<Ledger, 'read' | 'query'>,
): Promise<Placed[]> {
  const [recorded, lease] = await Promise.all([
    ledger.query(StepLogRecord, partitions.host(hostId), prefixes.step),
    ledger.read(LeaseRecord, keys.lease(hostId)),
  ])
  const now = lease && { changeId: lease.value.changeId, name: lease.value.ring }
  const host = now && (await ledger.read(RingHostRecord, keys.ringHost(now.changeId, now.name, hostId)))
  const inWork = now ? stepsOn(now, hostId, host?.value.endedSteps ?? []) : []
  return [...recorded.flatMap(foundSteps), ...inWork]
    .filter((step) => changeId === undefined || step.changeId === changeId)
    .map((step) => ({ place: [step.at, step.changeId, step.ring, step.step, step.attempt].join('#'), step }))
    .filter(({ place, step: { at } }) => at >= since && at < until && place < before)
}

/** A week before a time of which at least the day is known. */
function weekBefore(time: string): string {
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(time) ?? []
  return day === undefined ? '' : isoInstant(instantMs(`${day}T00:00:00.000Z`) - inWorkMsMax)
}

interface PageBefore {
  readonly newestFirst: true
  readonly limit: number
  readonly after: string
}

/** How long a host may be in work in a ring: so much earlier may the steps of a span have their record. */
const inWorkMsMax = 7 * 86_400_000

/** The newest steps of a change, one more than a page: of the hosts whose work in a ring is over, as it began. */
async function stepsOfChange(
  changeId: string,
  { since = '', until = '~', before = '~', limit }: StepSearch,
  ledger: Pick<Ledger, 'list'>,
): Promise<Placed[]> {
  const found: Placed[] = []
  const first = weekBefore(since)
  let after: string | undefined = until < before ? until : before
  while (after !== undefined && found.length <= limit) {
    const options: PageBefore = { newestFirst: true, limit: limit + 1, after }
    const page = await ledger.list(StepLogRecord, lists.stepsOf(changeId), options)
    for (const one of page)
      for (const [index, step] of foundSteps(one).entries()) {
        const place = `${one.listSk ?? ''}#${String(index).padStart(3, '0')}`
        if (step.at >= since && step.at < until && place < before) found.push({ place, step })
      }
    const last: string | undefined = page.at(-1)?.listSk
    after = page.length > limit && (last ?? '') >= first ? last : undefined
  }
  return found
}

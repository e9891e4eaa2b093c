/** 5.8: searches the execution log by host, change and time, in any combination. */
import { ChangeRecord } from '../changes/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { lists, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger, Stored } from '../kit/ledger.ts'
import { type StepLog, StepLogRecord } from './step-log.ts'

/** A search of the execution log; all given parts must match. */
export interface StepSearch {
  readonly hostId?: string
  readonly changeId?: string
  /** ISO instants: start included, end excluded. */
  readonly since?: string
  readonly until?: string
  /** Most steps; the newest are kept. */
  readonly limit: number
}

/** A step, and when its end was recorded. */
export type FoundStep = StepLog & { readonly at: string }

/** Matching steps, oldest first; with a time alone, every change that moved since is searched. */
export async function searchSteps(search: StepSearch, ledger: Pick<Ledger, 'query' | 'list'>): Promise<FoundStep[]> {
  const { changeId, since = '', until = '~', limit } = search
  const found = (await storedSteps(search, ledger)).map(atOf)
  return found
    .filter((step) => step.at >= since && step.at < until && (changeId === undefined || step.changeId === changeId))
    .sort(byTextOf(({ at }) => at))
    .slice(-limit)
}

async function storedSteps({ hostId, changeId, since }: StepSearch, ledger: Pick<Ledger, 'query' | 'list'>) {
  if (hostId !== undefined) return ledger.query(StepLogRecord, partitions.host(hostId), prefixes.step)
  const ofChange = (id: string) =>
    ledger.list(StepLogRecord, lists.stepsOf(id), since === undefined ? {} : { after: since })
  if (changeId !== undefined) return ofChange(changeId)
  const changes = (await ledger.list(ChangeRecord, lists.changes)).filter(
    ({ value }) => since === undefined || value.updatedAt >= since,
  )
  return (await Promise.all(changes.map(({ value }) => ofChange(value.changeId)))).flat()
}

/** The key of a step begins with its instant: `STEP#<at>#…`. */
const atOf = ({ key, value }: Stored<StepLog>): FoundStep => ({ ...value, at: key.sk.split('#')[1] ?? '' })

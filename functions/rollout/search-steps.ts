/** 5.8: the execution log searched by host, change and time, together or each alone. */
import { ChangeRecord } from '../changes/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { lists, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger, Stored } from '../kit/ledger.ts'
import { type StepLog, StepLogRecord } from './step-log.ts'

/** What to look for in the execution log; each part narrows. */
export interface StepSearch {
  readonly hostId?: string
  readonly changeId?: string
  /** ISO instants: from the first on, and before the second. */
  readonly since?: string
  readonly until?: string
  /** Newest are kept. */
  readonly limit: number
}

/** A step with the instant at which its end was recorded. */
export type FoundStep = StepLog & { readonly at: string }

/** Steps that match, oldest first; by time alone, every change that moved since is looked through. */
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

/** 5.8: searches the execution log by host, change and time, in any combination. */
import { ChangeRecord } from '../changes/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { keys, lists, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { LeaseRecord } from './lease.ts'
import type { Ring } from './ring.ts'
import { RingHostRecord, RingSummaryRecord, readRing } from './ring-record.ts'
import { type EndedStep, type FoundStep, foundSteps, StepLogRecord } from './step-log.ts'

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

/** Matching steps, oldest first; with a time alone, every change that moved since is searched. */
export async function searchSteps(search: StepSearch, ledger: Reads): Promise<FoundStep[]> {
  const { changeId, since = '', until = '~', limit } = search
  const found = await allSteps(search, ledger)
  return found
    .filter((step) => step.at >= since && step.at < until && (changeId === undefined || step.changeId === changeId))
    .sort(byTextOf(({ at }) => at))
    .slice(-limit)
}

type Reads = Pick<Ledger, 'read' | 'query' | 'list'>

async function allSteps({ hostId, changeId, since }: StepSearch, ledger: Reads): Promise<FoundStep[]> {
  if (hostId !== undefined) return stepsOnHost(hostId, ledger)
  if (changeId !== undefined) return stepsOfChange(changeId, since, ledger)
  const changes = (await ledger.list(ChangeRecord, lists.changes)).filter(
    ({ value }) => since === undefined || value.updatedAt >= since,
  )
  return (await Promise.all(changes.map(({ value }) => stepsOfChange(value.changeId, since, ledger)))).flat()
}

/** Those of a ring in which the host is still in work stand with the ring, which its lease names. */
async function stepsOnHost(hostId: string, ledger: Reads): Promise<FoundStep[]> {
  const [recorded, lease] = await Promise.all([
    ledger.query(StepLogRecord, partitions.host(hostId), prefixes.step),
    ledger.read(LeaseRecord, keys.lease(hostId)),
  ])
  const ring = lease && { changeId: lease.value.changeId, name: lease.value.ring }
  const host = ring && (await ledger.read(RingHostRecord, keys.ringHost(ring.changeId, ring.name, hostId)))
  const steps = ring && host?.value.endedSteps ? foundIn(ring, hostId, host.value.endedSteps) : []
  return [...recorded.flatMap(foundSteps), ...steps]
}

async function stepsOfChange(changeId: string, since: string | undefined, ledger: Reads): Promise<FoundStep[]> {
  const [recorded, rings] = await Promise.all([
    ledger.list(StepLogRecord, lists.stepsOf(changeId), since === undefined ? {} : { after: since }),
    ledger.query(RingSummaryRecord, partitions.change(changeId), prefixes.ring),
  ])
  const inWork = rings.filter(({ value }) => mayBeInWork.includes(value.state))
  const read = await Promise.all(inWork.map(({ value }) => readRing(changeId, value.name, ledger)))
  return [...recorded.flatMap(foundSteps), ...read.flatMap((ring) => (ring ? stepsInWork(ring.value) : []))]
}

/** Rings that may have hosts whose work is not over. */
const mayBeInWork: readonly Ring['state'][] = ['open', 'halted', 'stopped']

/** The steps that ended on hosts of a ring whose work there is not over. */
export const stepsInWork = (ring: Ring): FoundStep[] =>
  Object.entries(ring.endedSteps ?? {}).flatMap(([hostId, steps]) => foundIn(ring, hostId, steps))

const foundIn = ({ changeId, name }: Pick<Ring, 'changeId' | 'name'>, hostId: string, steps: readonly EndedStep[]) =>
  steps.map((step): FoundStep => ({ ...step, hostId, changeId, ring: name }))

/** Reads what a change did to its hosts: its rings once, and its execution log a page at a time. */
import { DrydockError } from '../kit/errors.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { HostRun } from '../outcomes/index.ts'
import { PlanRecord } from '../planning/index.ts'
import { type Ring, RingRecord, type StepLog, StepLogRecord } from '../rollout/index.ts'
import { hostRunsOf } from './host-runs.ts'

/** Steps of one page: some 400 kB. */
const stepsAtOnce = 1_000
/** Hosts whose steps are read by key at a time. */
const hostsAtOnce = 50

export interface RunsOf {
  readonly changeId: string
  readonly planHash: string
  readonly rings: readonly Ring[]
  readonly hub: { readonly account: string; readonly region: string }
}

/** Every ring of a change, rollbacks too; strongly consistent. */
export async function ringsOf(changeId: string, ledger: Pick<Ledger, 'query'>): Promise<Ring[]> {
  const { pk, sk } = keys.ring(changeId, '')
  return (await ledger.query(RingRecord, pk, sk)).map(({ value }) => value)
}

/**
 * The runs of a change's hosts.
 *
 * @throws DrydockError DD2001 when its plan is not in the ledger.
 */
export async function run({ changeId, planHash, rings, hub }: RunsOf, ledger: Ledger): Promise<HostRun[]> {
  const plan = await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  if (!plan) throw new DrydockError('DD2001', `plan ${planHash} of ${changeId} is not in the ledger`)
  const listed = await stepsOf(changeId, ledger)
  const steps = await completed(changeId, rings, listed, ledger)
  return hostRunsOf({ plan: plan.value, rings, steps, hub })
}

async function stepsOf(changeId: string, ledger: Ledger): Promise<StepLog[]> {
  const found: StepLog[] = []
  let after: string | undefined
  do {
    const options = { limit: stepsAtOnce, ...(after === undefined ? {} : { after }) }
    const page = await ledger.list(StepLogRecord, lists.stepsOf(changeId), options)
    for (const { value } of page) found.push(value)
    after = page.length < stepsAtOnce ? undefined : page.at(-1)?.listSk
  } while (after !== undefined)
  return found
}

/** The list lags behind the table: a host whose ring proved it, and whose proof the list lacks, is read by its key. */
async function completed(changeId: string, rings: readonly Ring[], listed: readonly StepLog[], ledger: Ledger) {
  const proofs = new Set(
    listed.flatMap(({ ring, hostId, step, outcome }) =>
      step === 'verify' && outcome === 'passed' ? [`${ring}\n${hostId}`] : [],
    ),
  )
  const lacking = new Set(
    rings.flatMap(({ name, hosts }) =>
      Object.entries(hosts).flatMap(([hostId, { state }]) =>
        state === 'done' && !proofs.has(`${name}\n${hostId}`) ? [hostId] : [],
      ),
    ),
  )
  if (lacking.size === 0) return listed
  const steps = listed.filter(({ hostId }) => !lacking.has(hostId))
  const hostIds = [...lacking]
  for (let start = 0; start < hostIds.length; start += hostsAtOnce) {
    const read = await Promise.all(
      hostIds
        .slice(start, start + hostsAtOnce)
        .map((hostId) => ledger.query(StepLogRecord, keys.step(hostId, '', '', '').pk, 'STEP#')),
    )
    steps.push(...read.flat().flatMap(({ value }) => (value.changeId === changeId ? [value] : [])))
  }
  return steps
}

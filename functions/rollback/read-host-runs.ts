/** Reads what a change did to its hosts: its rings once, and its execution log a page at a time. */
import { inParallel } from '../kit/in-parallel.ts'
import { lists, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { HostRun } from '../outcomes/index.ts'
import type { Plan } from '../planning/index.ts'
import { foundSteps, type Ring, type StepLog, StepLogRecord, stepsInWork } from '../rollout/index.ts'
import { hostRunsOf } from './host-runs.ts'

/** Records per page, each of all steps of a host: about 500 kB. */
const recordsAtOnce = 1_000
/** Hosts whose steps are read by key at a time. */
const hostsAtOnce = 50

export interface RunsOf {
  readonly changeId: string
  readonly plan: Plan
  readonly rings: readonly Ring[]
  readonly hub: { readonly account: string; readonly region: string }
}

/** What a change did to each host of its plan. */
export async function run({ changeId, plan, rings, hub }: RunsOf, ledger: Ledger): Promise<HostRun[]> {
  const listed = await listedSteps(changeId, ledger)
  const steps = [...(await completed(changeId, rings, listed, ledger)), ...rings.flatMap(stepsInWork)]
  return hostRunsOf({ plan, rings, steps, hub })
}

async function listedSteps(changeId: string, ledger: Ledger): Promise<StepLog[]> {
  const found: StepLog[] = []
  let after: string | undefined
  do {
    const options = { limit: recordsAtOnce, ...(after === undefined ? {} : { after }) }
    const page = await ledger.list(StepLogRecord, lists.stepsOf(changeId), options)
    for (const one of page) found.push(...foundSteps(one))
    after = page.length < recordsAtOnce ? undefined : page.at(-1)?.listSk
  } while (after !== undefined)
  return found
}

/** The list is eventually consistent: a proven host whose proof it lacks is read by key. */
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
  const read = await inParallel([...lacking], hostsAtOnce, (hostId) =>
    ledger.query(StepLogRecord, partitions.host(hostId), prefixes.step),
  )
  const own = read
    .flat()
    .flatMap(foundSteps)
    .filter((step) => step.changeId === changeId)
  return [...listed.filter(({ hostId }) => !lacking.has(hostId)), ...own]
}

/**
 * Closes a change whose rings are all validated, once its outcomes are recorded and its evidence is filed; until then
 * asks the driver to come back.
 */
import * as z from 'zod'
import {
  type Change,
  ChangeRecord,
  findingIdsOf,
  type MovePorts,
  moveRecordedChange,
  undoJoin,
} from '../changes/index.ts'
import type { UnfiledEvidence } from '../evidence/index.ts'
import { FindingRecord } from '../finding/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { Nudges } from '../kit/ports.ts'
import { isoInstant, msBetween } from '../kit/time.ts'
import { type OutcomePorts, recordOutcomes } from '../outcomes/index.ts'
import { PlanRecord } from '../planning/index.ts'
import { readHostRuns } from '../rollback/index.ts'
import type { Ring } from '../rollout/index.ts'
import { ringsOf } from '../rollout/index.ts'
import { accountFindings, emptyAccount, endsOf, type FindingAccount, openInWords } from './account-findings.ts'

export const CloseChange = z.strictObject({ changeId: z.string().length(26) })
export type CloseChange = z.infer<typeof CloseChange>

export interface Ports extends MovePorts, OutcomePorts {
  readonly nudges: Nudges
  readonly unfiled: UnfiledEvidence
  /** The hub's own region, for hosts without another in the plan. */
  readonly region: string
}

/** Findings read at a time. */
const readAtOnceMax = 50

/**
 * Outcomes come first, so that their evidence is filed before the change closes.
 *
 * @throws DrydockError DD1501 without the change or its plan, DD2501 when others recorded its outcomes at the same
 * moment.
 */
export async function run({ changeId }: CloseChange, ports: Ports) {
  const read = await ports.ledger.read(ChangeRecord, keys.change(changeId))
  if (!read) throw new DrydockError('DD1501', `change ${changeId} is not in the ledger`)
  if (read.value.state === 'closed') return { outcome: 'closed', waitSeconds: 0 }
  const rings = await ringsOf(changeId, ports.ledger)
  const areOutcomesRecorded = await record(read.value, rings, ports)
  if (!areOutcomesRecorded || (await ports.unfiled.hasAny(changeId))) {
    await ports.nudges.send('archive', { changeId })
    return { outcome: 'evidence-pending', waitSeconds: waitSecondsOf(read.value, isoInstant(ports.clock.nowMs())) }
  }
  const counted = new Set<string>()
  const account = await accountOf(read.value, rings, ports.ledger, counted)
  const outcome = `${provenIn(read.value)}${openInWords(account)}`
  const moved = await moveRecordedChange(changeId, { type: 'closed', outcome, findings: account }, ports)
  if (!('change' in moved)) return { outcome: moved.refused, waitSeconds: 0 }
  await undoUncounted(moved.change, counted, ports)
  return { outcome: 'closed', waitSeconds: 0 }
}

/** Findings that joined after they were counted and before the change closed; later ones are undone as they join. */
async function undoUncounted(change: Change, counted: ReadonlySet<string>, ports: Ports): Promise<void> {
  for await (const page of findingIdsOf(change, ports.ledger))
    for (const findingId of page) if (!counted.has(findingId)) await undoJoin(change.changeId, findingId, ports)
}

/** A tenth of the time that the change has waited, 2 s to 5 min: a log that is down for days fills no execution's history. */
const waitSecondsOf = ({ updatedAt }: Change, now: string): number =>
  Math.min(300, Math.max(2, Math.floor(msBetween(updatedAt, now) / 10_000)))

const provenIn = ({ quarantined, ringsDone }: Change) =>
  `proven in ${ringsDone.join(', ')}${quarantined.length > 0 ? `; ${quarantined.length} quarantined` : ''}`

/** @returns whether every outcome is recorded; a change that was never planned has none. */
async function record(change: Change, rings: readonly Ring[], ports: Ports): Promise<boolean> {
  const { changeId, service, planHash } = change
  const { ledger, account, region } = ports
  if (planHash === undefined) return true
  const plan = await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  if (!plan) throw new DrydockError('DD1501', `plan ${planHash} of change ${changeId} is not in the ledger`)
  const ended = { changeId, service, ending: 'closed', because: provenIn(change) } as const
  const runs = () => readHostRuns({ changeId, plan: plan.value, rings, hub: { account, region } }, ledger)
  const { isComplete } = await recordOutcomes(ended, runs, ports)
  return isComplete
}

/** Page by page: a change may have 100,000 findings. Their ids are put into `counted`. */
async function accountOf(
  change: Change,
  rings: readonly Ring[],
  ledger: Ledger,
  counted: Set<string>,
): Promise<FindingAccount> {
  const ends = endsOf(rings)
  let account = emptyAccount
  for await (const page of findingIdsOf(change, ledger)) {
    for (const findingId of page) counted.add(findingId)
    const findings = await inParallel(page, readAtOnceMax, (id) => ledger.read(FindingRecord, keys.finding(id)))
    account = accountFindings(
      account,
      findings.flatMap((finding) => (finding ? [finding.value] : [])),
      ends,
    )
  }
  return account
}

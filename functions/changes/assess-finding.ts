/** Assesses a recorded finding again: when a feed, its host's exposure or the catalogue gives reason to. */
import * as z from 'zod'
import { FindingRecord } from '../finding/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Pause } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { type DecidePorts, type Decision, decideFinding } from './decide-finding.ts'
import { type SettlePorts, settleFinding } from './settle-finding.ts'

export const AssessFinding = z.object({ findingId: z.string() })
export type AssessFinding = z.infer<typeof AssessFinding>

/** What assessing a finding needs from outside. */
export interface AssessPorts extends DecidePorts, SettlePorts {
  readonly pause?: Pause
}

/** `outcome`: `opened`, `joined`, `reassessed`, or why no change moved. */
export interface Assessed {
  readonly outcome: string
  readonly changeId?: string
}

/**
 * Assesses a recorded finding. Run again without news, it changes nothing, and starts the driver of a change that a
 * crash left without one.
 *
 * @throws DrydockError DD1503 when every try met another writer, DD1504 without finding, DD1505 without catalogue or
 * policy, DD1506 without KEV, DD1201 when stored intelligence is damaged. The message is then delivered again.
 */
export async function run({ findingId }: AssessFinding, ports: AssessPorts): Promise<Assessed> {
  const { pause } = ports
  const contention = { code: 'DD1503', what: `finding ${findingId}`, advice: 'it is delivered again', pause }
  return retried(contention, () => tryOnce(findingId, ports))
}

/** undefined: another writer came first. */
async function tryOnce(findingId: string, ports: AssessPorts): Promise<Assessed | undefined> {
  const finding = await ports.ledger.read(FindingRecord, keys.finding(findingId))
  if (!finding) throw new DrydockError('DD1504', `finding ${findingId} is not in the ledger`)
  const decision = await decideFinding(finding.value, undefined, ports)
  // The finding must still be what was assessed (F2, F13).
  const checks = [{ key: finding.key, from: finding.version }]
  if (!(await isCommitted(decision, checks, ports))) return undefined
  await settleFinding(finding.value, decision, ports)
  const { outcome, change } = decision
  return { outcome, ...(change ? { changeId: change.changeId } : {}) }
}

async function isCommitted(
  { moves, evidence }: Decision,
  checks: readonly { readonly key: { readonly pk: string; readonly sk: string }; readonly from: number }[],
  { ledger }: AssessPorts,
): Promise<boolean> {
  const [first, ...others] = evidence
  return first === undefined || 'committed' in (await ledger.commit({ moves, checks, evidence: [first, ...others] }))
}

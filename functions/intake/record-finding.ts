/** Writes a finding into the ledger: the known and the incoming copy are merged, and the next stage is nudged. */

import { type Finding, FindingRecord, type MergeCause, mergeFinding } from '../finding/index.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { canonicalJson, type Json } from '../kit/json.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger, Move } from '../kit/ledger.ts'
import type { Clock, Ids, Nudges, Pause } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import type { FindingDesk } from './ports.ts'
import { type Refusal, refuse } from './refusals.ts'

/** What recording a finding needs from outside. */
export interface RecordFindingPorts {
  readonly ledger: Ledger
  readonly nudges: Nudges
  readonly clock: Clock
  readonly ids: Ids
  /** The account that evidence names. */
  readonly account: string
  readonly desk: FindingDesk
  readonly pause?: Pause
}

/** What became of one finding: recorded, merged, unchanged, or refused. */
export type Recorded =
  | {
      readonly findingId: string
      readonly outcome: 'recorded' | 'updated' | 'closed' | 'unchanged'
      readonly because: MergeCause
    }
  | Refusal

/** DynamoDB takes items of 400 KB, names included (B21). */
const recordBytesMax = 380_000
const packagesShownMax = 20

/**
 * Records a finding, with what is decided about it. Where nothing can be decided now, its assessment is nudged.
 *
 * Copies of one finding may arrive in any order and any number of times: the record is the same (F1, F2, I7). A known
 * copy is nudged again, because a crash may have come between commit and nudge.
 *
 * @throws DrydockError DD1101 when every try met another writer; the message is then delivered again.
 */
export const recordFinding = (incoming: Finding, ports: RecordFindingPorts): Promise<Recorded> =>
  retried(
    {
      code: 'DD1101',
      what: `finding ${incoming.findingId}`,
      advice: 'its message is delivered again',
      pause: ports.pause,
    },
    () => tryOnce(incoming, ports),
  )

async function tryOnce(incoming: Finding, ports: RecordFindingPorts): Promise<Recorded | undefined> {
  const { findingId } = incoming
  const read = await ports.ledger.read(FindingRecord, keys.finding(findingId))
  const { finding, changed, because } = mergeFinding(read?.value, incoming)
  if (!changed) {
    if (because === 'same') await wake(finding, ports)
    return { findingId, outcome: 'unchanged', because }
  }
  const tooLarge = sizeRefusal(finding)
  if (tooLarge) return tooLarge
  const outcome = because === 'new' ? 'recorded' : because === 'closed' ? 'closed' : 'updated'
  const recorded = recordedBody(finding, because)
  const decision = because === 'new-copy' ? undefined : await ports.desk.decide(finding, recorded)
  const by = { ...evidenceBy(ports, isoInstant(ports.clock.nowMs())), changeId: 'none' }
  const [first, ...others] = decision?.evidence ?? []
  const result = await ports.ledger.commit({
    moves: [moveOf(finding, read?.version ?? 0), ...(decision?.moves ?? [])],
    evidence: [first ?? { ...by, type: `finding.${outcome}`, body: recorded }, ...others],
  })
  if ('conflict' in result) return undefined
  if (decision) {
    await decision.settle()
    await enrich(finding, ports)
  } else if (because !== 'new-copy') await wake(finding, ports)
  return { findingId, outcome, because }
}

/** Why a finding is too large for one ledger item; undefined if it fits (B21). */
export function sizeRefusal(finding: Finding): Refusal | undefined {
  const size = new TextEncoder().encode(canonicalJson(finding)).length
  return size <= recordBytesMax
    ? undefined
    : refuse('TOO_LARGE', '$', `${size} bytes for one finding; at most ${recordBytesMax} can be recorded`)
}

/**
 * Nudges assessment at once and enrichment in parallel; enrichment nudges assessment again if it brings anything new.
 */
async function wake(finding: Finding, ports: RecordFindingPorts) {
  await ports.nudges.send('assess', { findingId: finding.findingId })
  await enrich(finding, ports)
}

async function enrich({ findingId, status, vulnerabilityId }: Finding, { nudges }: RecordFindingPorts) {
  if (status === 'active' && vulnerabilityId !== undefined) await nudges.send('enrich', { findingId })
}

const moveOf = (finding: Finding, from: number): Move => ({
  kind: FindingRecord.kind,
  key: keys.finding(finding.findingId),
  from,
  value: finding,
  // Active findings first, the longest open before the others.
  list: { pk: lists.findings, sk: `${finding.status}#${finding.firstObservedAt}#${finding.findingId}` },
})

/** No tags or descriptions: either may contain what does not belong in evidence (I14). */
const recordedBody = (finding: Finding, because: MergeCause): Json => ({
  findingId: finding.findingId,
  because,
  account: finding.account,
  region: finding.region,
  findingType: finding.type,
  vulnerabilityId: finding.vulnerabilityId,
  resource: { type: finding.resource.type, id: finding.resource.id },
  severity: finding.severity,
  status: finding.status,
  route: finding.route,
  firstObservedAt: finding.firstObservedAt,
  updatedAt: finding.updatedAt,
  copies: finding.copies.map(({ format, nativeId }) => ({ format, nativeId })),
  packageCount: finding.packages.length,
  packages: finding.packages
    .slice(0, packagesShownMax)
    .map(({ name, installedVersion, fixedVersion }) => ({ name, installedVersion, fixedVersion })),
  flags: finding.flags,
})

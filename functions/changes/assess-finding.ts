/** Gathers the facts about a recorded finding, decides, and commits assessment and change together. */
import * as z from 'zod'
import { type Catalogue, CatalogueRecord, PolicyRecord } from '../catalogue/index.ts'
import { type Finding, FindingRecord } from '../finding/index.ts'
import { type CveIntel, cveIdsOf, type Intel } from '../intel/index.ts'
import { type Asset, AssetRecord } from '../inventory/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { canonicalJson, type Json } from '../kit/json.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Ledger, Move, Stored } from '../kit/ledger.ts'
import type { Nudges } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { type Assessment, AssessmentRecord, assess } from '../risk/index.ts'
import { type Change, ChangeRecord } from './change.ts'
import { type Coalesced, coalesce, FindingChangeRecord, OpenChangeRecord } from './coalesce.ts'
import { exposureMove, HostExposureRecord, isHostFinding } from './exposure.ts'
import type { MovePorts } from './move-change.ts'
import type { ChangeDriver } from './ports.ts'
import { changeEvidence, changeMove } from './reducer.ts'
import { riskFacts } from './risk-facts.ts'
import { startDriver } from './start-driver.ts'
import { wakeHost } from './wake-host.ts'

export const AssessFinding = z.object({ findingId: z.string() })
export type AssessFinding = z.infer<typeof AssessFinding>

export interface AssessPorts extends MovePorts {
  readonly intel: Intel
  readonly driver: ChangeDriver
  readonly nudges: Nudges
  /** SHA-256 of a text as hex. */
  readonly digest: (text: string) => string
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
 * A host with several services has its findings in the change of the first; the plan covers the host all the same.
 *
 * @throws DrydockError DD1503 when every try met another writer, DD1504 without finding, DD1505 without catalogue or
 * policy, DD1506 without KEV, DD1201 when stored intelligence is damaged. The message is then delivered again.
 */
export async function run({ findingId }: AssessFinding, ports: AssessPorts): Promise<Assessed> {
  const contention = { code: 'DD1503', what: `finding ${findingId}`, advice: 'it is delivered again' }
  return retried(contention, () => tryOnce(findingId, ports))
}

/** undefined: another writer came first. */
async function tryOnce(findingId: string, ports: AssessPorts): Promise<Assessed | undefined> {
  const { ledger, clock, ids, digest } = ports
  const seen = await readAll(findingId, ports)
  const { finding, service, policy, isWindows, open, own } = seen
  const at = isoInstant(clock.nowMs())
  const facts = riskFacts({ ...seen, finding: finding.value, now: at, feedAgeHoursMax: policy.risk.feedAgeHoursMax })
  const assessment = assess(findingId, facts, policy.risk, digest)
  const joined = coalesce({
    finding: finding.value,
    assessment,
    service,
    isWindows,
    own: own?.value,
    open: open?.value,
    policy,
    at,
    newChangeId: ids.next(),
  })
  const exposure = exposureMove(finding.value, seen.exposure)
  const isSame = seen.known !== undefined && canonicalJson(seen.known.value) === canonicalJson(assessment)
  const outcome = 'change' in joined ? joined.outcome : joined.unchanged
  if (!isSame || 'change' in joined || exposure.length > 0) {
    const moves = [assessmentMove(seen.known, assessment), ...exposure, ...changeMoves(joined, seen)]
    const evidence = assessmentEvidence({ assessment, joined, outcome, own: own?.value }, at, ports)
    // The finding must still be what was assessed (F2, F13).
    const checks = [{ key: finding.key, from: finding.version }]
    const result = await ledger.commit({ moves, checks, evidence })
    if (!('committed' in result)) return undefined
  }
  if (finding.value.type === 'network-reachability' && isHostFinding(finding.value))
    await wakeHost(finding.value.resource.id, ports)
  const change = 'change' in joined ? joined.change : own?.value
  // A running driver is left alone, so this also repairs a crash between commit and start, and a driver that has died.
  if (change?.state === 'assessed') await startDriver(change.changeId, { because: 'a finding was assessed' }, ports)
  return { outcome, ...(change ? { changeId: change.changeId } : {}) }
}

/** Everything that the decision needs, by strongly consistent reads. */
async function readAll(findingId: string, ports: AssessPorts) {
  const { ledger, intel } = ports
  const [finding, catalogue, policy, known, ownPointer] = await Promise.all([
    ledger.read(FindingRecord, keys.finding(findingId)),
    ledger.read(CatalogueRecord, keys.catalogue()),
    ledger.read(PolicyRecord, keys.policy()),
    ledger.read(AssessmentRecord, keys.assessment(findingId)),
    ledger.read(FindingChangeRecord, keys.findingChange(findingId)),
  ])
  if (!finding) throw new DrydockError('DD1504', `finding ${findingId} is not in the ledger`)
  if (!catalogue || !policy)
    throw new DrydockError('DD1505', `no ${catalogue ? 'policy' : 'catalogue'} is loaded: run "drydock catalogue load"`)
  const hostId = isHostFinding(finding.value) ? finding.value.resource.id : undefined
  const asset = hostId === undefined ? undefined : (await ledger.read(AssetRecord, keys.asset(hostId)))?.value
  const exposure = hostId === undefined ? undefined : await ledger.read(HostExposureRecord, keys.hostExposure(hostId))
  const service = serviceOf(asset, catalogue.value)
  const isWindows = asset?.platform === 'windows'
  const pointerKey = service && keys.openChange(service.name, isWindows ? 'windows-updates' : 'os-packages')
  const pointer = pointerKey && (await ledger.read(OpenChangeRecord, pointerKey))
  const [open, own] = await Promise.all([
    pointer && ledger.read(ChangeRecord, keys.change(pointer.value.changeId)),
    ownPointer && ownChange(ownPointer.value.changeId, ledger),
  ])
  return {
    finding,
    policy: policy.value,
    known,
    ownPointer,
    exposure,
    isReachable: (exposure?.value.findingIds.length ?? 0) > 0,
    service,
    isWindows,
    pointerKey,
    pointer,
    open,
    own: own ?? (open?.value.findingIds.includes(findingId) ? open : undefined),
    intel: await lookUp(finding.value, intel),
  }
}

/** The change that a finding is in: the one it points to, or that change's latest successor. */
async function ownChange(changeId: string, ledger: Ledger): Promise<Stored<Change> | undefined> {
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  // A change is superseded by a newer one only, so the chain has an end.
  return change?.value.supersededBy === undefined ? change : ownChange(change.value.supersededBy, ledger)
}
type Seen = Awaited<ReturnType<typeof readAll>>

/** Without KEV nobody knows whether a CVE is exploited, so nothing is decided: its first refresh wakes the findings. */
async function lookUp(finding: Finding, intel: Intel): Promise<CveIntel[]> {
  const found = await Promise.all(cveIdsOf(finding).map((cveId) => intel.lookup(cveId)))
  if (found.some(({ feeds }) => feeds.kev === undefined))
    throw new DrydockError('DD1506', 'no KEV catalogue is stored yet: run the refresh of feed kev')
  return found
}

/** The first service of the host; none for nodes without a service. */
const serviceOf = (asset: Asset | undefined, catalogue: Catalogue) =>
  catalogue.services.find(({ name }) => name === asset?.services[0])

const asJson = (value: unknown): Json => JSON.parse(canonicalJson(value))

const assessmentMove = (known: Stored<Assessment> | undefined, assessment: Assessment): Move => ({
  kind: AssessmentRecord.kind,
  key: keys.assessment(assessment.findingId),
  from: known?.version ?? 0,
  value: asJson(assessment),
})

/** The moves of the change, its pointers, and the change that it supersedes. */
function changeMoves(joined: Coalesced, seen: Seen): Move[] {
  if (!('change' in joined)) return []
  const { change, outcome, superseded } = joined
  if (outcome === 'reassessed') return [changeMove(seen.own, change)]
  const isNew = outcome === 'opened'
  const value = { changeId: change.changeId }
  const moves: Move[] = [changeMove(isNew ? undefined : seen.open, change)]
  if (superseded) moves.push(changeMove(seen.own, superseded.change))
  if (isNew && seen.pointerKey)
    moves.push({ kind: OpenChangeRecord.kind, key: seen.pointerKey, from: seen.pointer?.version ?? 0, value })
  // The other findings of a superseded change keep their pointers: `supersededBy` leads on, however many they are.
  const key = keys.findingChange(seen.finding.value.findingId)
  moves.push({ kind: FindingChangeRecord.kind, key, from: seen.ownPointer?.version ?? 0, value })
  return moves
}

interface Decided {
  readonly assessment: Assessment
  readonly joined: Coalesced
  readonly outcome: string
  readonly own: Change | undefined
}

function assessmentEvidence(
  { assessment, joined, outcome, own }: Decided,
  at: string,
  ports: AssessPorts,
): [EvidenceRecord, ...EvidenceRecord[]] {
  const by = () => evidenceBy(ports, at)
  const { findingId, winner, priority } = assessment
  const change = 'change' in joined ? joined.change : own
  // The whole assessment, so that any decision can be replayed from its leaf, not only the newest (11.1).
  const body = { findingId, outcome, dueAt: winner.dueAt ?? null, priority, assessment: asJson(assessment) }
  const decided = { ...by(), type: 'finding.assessed', changeId: change?.changeId ?? 'none', body }
  if (!('change' in joined)) return [decided]
  const { superseded } = joined
  return [
    decided,
    ...(superseded ? [changeEvidence(superseded.change, superseded.event, by())] : []),
    ...joined.events.map((event) => changeEvidence(joined.change, event, by())),
  ]
}

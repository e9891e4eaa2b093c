/** Decides about a finding: its assessment, and the change that it opens, joins or makes more urgent. */
import { type Catalogue, CatalogueRecord, PolicyRecord } from '../catalogue/index.ts'
import type { Finding } from '../finding/index.ts'
import { cveIdsOf, type Intel } from '../intel/index.ts'
import { type Asset, AssetRecord } from '../inventory/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { canonicalJson, type Json } from '../kit/json.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Ledger, Move, Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { type Assessment, AssessmentRecord, assess } from '../risk/index.ts'
import { type Change, ChangeRecord } from './change.ts'
import { type Coalesced, coalesce, FindingChangeRecord, OpenChangeRecord } from './coalesce.ts'
import { exposureMove, HostExposureRecord, isHostFinding } from './exposure.ts'
import { assessmentList, entryMoves } from './finding-entries.ts'
import { joinMove } from './joined-finding.ts'
import type { MovePorts } from './move-change.ts'
import { changeEvidence, changeMove } from './reducer.ts'
import { type NamedIntel, riskFacts } from './risk-facts.ts'

/** What deciding about a finding needs from outside. */
export interface DecidePorts extends MovePorts {
  readonly intel: Intel
  /** SHA-256 of a text as hex. */
  readonly digest: (text: string) => string
}

/** A decision, not yet committed. */
export interface Decision {
  /** `opened`, `joined`, `reassessed`, or why no change moves. */
  readonly outcome: string
  /** The finding's change as it is after the moves. */
  readonly change?: Change
  /** Whether the finding joins a change that already covers it. */
  readonly isCovered: boolean
  /** None, if nothing is new. */
  readonly moves: readonly Move[]
  /** Empty, if nothing is new. The first leaf has the whole assessment, so that it can be replayed from it (11.1). */
  readonly evidence: readonly EvidenceRecord[]
}

/**
 * Decides about a finding by strongly consistent reads; writes nothing.
 *
 * A host with several services has its findings in the change of the first; the plan covers the host all the same.
 *
 * @param recorded what the leaf says of the finding, where the same transaction records it.
 * @throws DrydockError DD1505 without catalogue or policy, DD1506 without KEV, DD1201 when stored intelligence is
 * damaged.
 */
export async function decideFinding(
  finding: Finding,
  recorded: Json | undefined,
  ports: DecidePorts,
): Promise<Decision> {
  const { ledger, clock, ids, digest } = ports
  const seen = await readAll(finding, ports)
  const { service, policy, isWindows, open, own } = seen
  const at = isoInstant(clock.nowMs())
  const facts = riskFacts({ ...seen, finding, now: at, feedAgeHoursMax: policy.risk.feedAgeHoursMax })
  const assessment = assess(finding.findingId, facts, policy.risk, digest)
  const newChangeId = ids.next()
  const { platform } = seen
  const input = {
    finding,
    assessment,
    service,
    isWindows,
    platform,
    own: own?.value,
    open: open?.value,
    policy,
    at,
    newChangeId,
  }
  const joined = coalesce(input)
  const [change, outcome] =
    'change' in joined ? ([joined.change, joined.outcome] as const) : ([own?.value, joined.unchanged] as const)
  const exposure = exposureMove(finding, seen.exposure)
  const isSame = canonicalJson(seen.known?.value.assessment ?? null) === canonicalJson(assessment)
  const isCovered = 'change' in joined && joined.isCovered === true
  const decided = { outcome, isCovered, ...(change ? { change } : {}) }
  const isListed = seen.known?.value.isListed === true
  const isUnderHost = isListed || outcome === 'opened' || outcome === 'joined'
  const entries = isToBeListed(finding, seen) ? await entryMoves(finding, isUnderHost, ledger) : []
  const isNews = !isSame || 'change' in joined || exposure.length > 0 || entries.length > 0
  if (!isNews && (isListed || finding.status !== 'active')) return { ...decided, moves: [], evidence: [] }
  const moves = [
    assessmentMove(finding, assessment, change?.changeId, seen),
    ...exposure,
    ...changeMoves(joined, finding, at, seen),
    ...entries,
  ]
  const evidence = evidenceOf({ finding, assessment, joined, outcome, own: own?.value, recorded }, at, ports)
  return { ...decided, moves, evidence }
}

async function readAll(finding: Finding, { ledger, intel }: DecidePorts) {
  const { findingId } = finding
  const [catalogue, policy, known] = await Promise.all([
    ledger.read(CatalogueRecord, keys.catalogue()),
    ledger.read(PolicyRecord, keys.policy()),
    ledger.read(AssessmentRecord, keys.assessment(findingId)),
  ])
  if (!catalogue || !policy)
    throw new DrydockError('DD1505', `no ${catalogue ? 'policy' : 'catalogue'} is loaded: run "drydock catalogue load"`)
  const hostId = isHostFinding(finding) ? finding.resource.id : undefined
  const [asset, exposure, own] = await Promise.all([
    hostId === undefined ? undefined : ledger.read(AssetRecord, keys.asset(hostId)),
    hostId === undefined ? undefined : ledger.read(HostExposureRecord, keys.hostExposure(hostId)),
    known && ownChange(findingId, known.value.changeId, ledger),
  ])
  const service = serviceOf(asset?.value, catalogue.value)
  const isWindows = asset?.value.platform === 'windows'
  const pointerKey = service && keys.openChange(service.name, isWindows ? 'windows-updates' : 'os-packages')
  const pointer = pointerKey && (await ledger.read(OpenChangeRecord, pointerKey))
  const open = pointer && (await ledger.read(ChangeRecord, keys.change(pointer.value.changeId)))
  return {
    policy: policy.value,
    known,
    exposure,
    isReachable: (exposure?.value.findingIds.length ?? 0) > 0,
    service,
    isWindows,
    platform: asset?.value.platform,
    pointerKey,
    pointer,
    open,
    // A change that ended and was planned again does not point to the one that took its place: that one points back.
    own: own && open && (await takesPlaceOf(open.value, own.value.changeId, ledger)) ? open : own,
    intel: await lookUp(finding, intel),
  }
}

async function takesPlaceOf({ supersedes }: Change, changeId: string, ledger: Ledger): Promise<boolean> {
  if (supersedes === undefined || supersedes === changeId) return supersedes === changeId
  const before = await ledger.read(ChangeRecord, keys.change(supersedes))
  return before !== undefined && takesPlaceOf(before.value, changeId, ledger)
}

type Seen = Awaited<ReturnType<typeof readAll>>

/** One with several CVEs may have got another. */
const isToBeListed = (finding: Finding, { known }: Seen): boolean =>
  finding.status === 'active' && (known?.value.isListed !== true || cveIdsOf(finding).length > 1)

/** The change that a finding is in; an older Drydock pointed to it by a record of its own. */
async function ownChange(findingId: string, known: string | undefined, ledger: Ledger) {
  const changeId = known ?? (await ledger.read(FindingChangeRecord, keys.findingChange(findingId)))?.value.changeId
  return changeId === undefined ? undefined : latestOf(changeId, ledger)
}

/** A change, or the latest that superseded it. */
async function latestOf(changeId: string, ledger: Ledger): Promise<Stored<Change> | undefined> {
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  // A change is superseded by a newer one only, so the chain has an end.
  return change?.value.supersededBy === undefined ? change : latestOf(change.value.supersededBy, ledger)
}

/** Without KEV nobody knows whether a CVE is exploited, so nothing is decided: its first refresh wakes the findings. */
async function lookUp(finding: Finding, intel: Intel): Promise<NamedIntel[]> {
  const found = await Promise.all(cveIdsOf(finding).map(async (cveId) => ({ cveId, ...(await intel.lookup(cveId)) })))
  if (found.some(({ feeds }) => feeds.kev === undefined))
    throw new DrydockError('DD1506', 'no KEV catalogue is stored yet: run the refresh of feed kev')
  return found
}

/** The first service of the host; none for nodes without a service. */
const serviceOf = (asset: Asset | undefined, catalogue: Catalogue) =>
  catalogue.services.find(({ name }) => name === asset?.services[0])

const asJson = (value: unknown): Json => JSON.parse(canonicalJson(value))

function assessmentMove(finding: Finding, assessment: Assessment, changeId: string | undefined, seen: Seen): Move {
  const list = assessmentList(finding)
  return {
    kind: AssessmentRecord.kind,
    key: keys.assessment(finding.findingId),
    from: seen.known?.version ?? 0,
    value: asJson({
      assessment,
      ...(changeId === undefined ? {} : { changeId }),
      ...(finding.status === 'active' || seen.known?.value.isListed ? { isListed: true } : {}),
    }),
    ...(list ? { list } : {}),
  }
}

/** The moves of the change, its pointer, the finding in it, and the change that it supersedes. */
function changeMoves(joined: Coalesced, finding: Finding, at: string, seen: Seen): Move[] {
  if (!('change' in joined)) return []
  const { change, outcome, superseded, isCovered } = joined
  if (outcome === 'reassessed') return [changeMove(seen.own, change)]
  const isNew = outcome === 'opened'
  const moves: Move[] = isCovered ? [] : [changeMove(isNew ? undefined : seen.open, change)]
  // The findings of a superseded change keep their places: `supersedes` leads back to them, however many they are.
  moves.push(superseded ? changeMove(seen.own, superseded.change) : joinMove(change.changeId, finding, at))
  if (isNew && seen.pointerKey) {
    const [key, value] = [seen.pointerKey, { changeId: change.changeId }]
    moves.push({ kind: OpenChangeRecord.kind, key, from: seen.pointer?.version ?? 0, value })
  }
  return moves
}

interface Decided {
  readonly finding: Finding
  readonly assessment: Assessment
  readonly joined: Coalesced
  readonly outcome: string
  readonly own: Change | undefined
  readonly recorded: Json | undefined
}

/** One leaf says what was recorded, decided and joined; the opening or end of a change has its own. */
function evidenceOf(
  { finding, assessment, joined, outcome, own, recorded }: Decided,
  at: string,
  ports: DecidePorts,
): EvidenceRecord[] {
  const by = () => evidenceBy(ports, at)
  const decided = { ...(recorded === undefined ? {} : { finding: recorded }), assessment: asJson(assessment) }
  if ('unchanged' in joined) {
    const { winner, priority } = assessment
    const body = { findingId: finding.findingId, outcome, dueAt: winner.dueAt ?? null, priority, ...decided }
    return [{ ...by(), type: 'finding.assessed', changeId: own?.changeId ?? 'none', body }]
  }
  const { superseded, events, change } = joined
  const [first, ...others] = events.map((event) => changeEvidence(change, event, by()))
  return [
    ...(first ? [{ ...first, body: { ...Object(first.body), ...decided } }] : []),
    ...(superseded ? [changeEvidence(superseded.change, superseded.event, by())] : []),
    ...others,
  ]
}

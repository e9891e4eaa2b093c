/** Gathers the facts about a recorded finding, decides, and commits assessment and change together. */
import {
  type Asset,
  AssetRecord,
  type Catalogue,
  CatalogueRecord,
  PolicyRecord,
  type Service,
} from '../catalogue/index.ts'
import { type Finding, FindingRecord } from '../finding/index.ts'
import type { Intel } from '../intel/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys, lists } from '../kit/keys.ts'
import type { EvidenceRecord, Ledger, Move, Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { type Assessment, AssessmentRecord, assess, type RiskFacts, scoreVector } from '../risk/index.ts'
import { type Change, ChangeRecord } from './change.ts'
import { coalesce, OpenChangeRecord } from './coalesce.ts'
import type { MovePorts } from './move.ts'
import type { ChangeDriver } from './ports.ts'
import { changeEvidence, changeMove } from './reducer.ts'

export interface AssessPorts extends MovePorts {
  readonly intel: Intel
  readonly driver: ChangeDriver
  readonly digest: (text: string) => string
}

const triesMax = 5

export async function assessRecordedFinding(
  findingId: string,
  ports: AssessPorts,
): Promise<{ outcome: string; changeId?: string }> {
  for (let tries = 0; tries < triesMax; tries++) {
    const result = await tryOnce(findingId, ports)
    if (result) return result
  }
  throw new DrydockError(
    'DD1503',
    `finding ${findingId}: ${triesMax} tries in a row met another writer; it is delivered again`,
  )
}

async function tryOnce(
  findingId: string,
  ports: AssessPorts,
): Promise<{ outcome: string; changeId?: string } | undefined> {
  const { ledger, intel, driver, clock, ids, account, digest } = ports
  const [finding, catalogue, policy] = await Promise.all([
    ledger.read(FindingRecord, keys.finding(findingId)),
    ledger.read(CatalogueRecord, keys.catalogue()),
    ledger.read(PolicyRecord, keys.policy()),
  ])
  if (!finding) throw new DrydockError('DD1504', `finding ${findingId} is not in the ledger`)
  if (!catalogue || !policy)
    throw new DrydockError('DD1505', `no ${catalogue ? 'policy' : 'catalogue'} is loaded: run "drydock catalogue load"`)
  const asset = await ledger.read(AssetRecord, keys.asset(finding.value.resource.id))
  const service = serviceOf(asset?.value, catalogue.value)
  const facts = await factsOf(finding.value, service, ledger, intel)
  const assessment = assess(findingId, facts, policy.value.risk, digest)
  const known = await ledger.read(AssessmentRecord, keys.assessment(findingId))
  const at = isoInstant(clock.nowMs())
  const pointerKey =
    service && keys.openChange(service.name, asset?.value.platform === 'windows' ? 'windows-updates' : 'os-packages')
  const pointer = pointerKey && (await ledger.read(OpenChangeRecord, pointerKey))
  const open = pointer && (await ledger.read(ChangeRecord, keys.change(pointer.value.changeId)))
  const joined = coalesce({
    finding: finding.value,
    assessment,
    service,
    isWindows: asset?.value.platform === 'windows',
    open: open?.value,
    policy: policy.value,
    at,
    newChangeId: ids.next(),
  })
  const moves: Move[] = [
    {
      kind: 'assessment',
      key: keys.assessment(findingId),
      from: known?.version ?? 0,
      value: JSON.parse(JSON.stringify(assessment)),
    },
  ]
  const by = () => ({ leafId: ids.next(), at, account, actor: 'drydock' })
  const outcome = 'unchanged' in joined ? joined.unchanged : joined.isNew ? 'opened' : 'joined'
  const changeId = 'change' in joined ? joined.change.changeId : (open?.value.changeId ?? 'none')
  const evidence: [EvidenceRecord, ...EvidenceRecord[]] = [
    {
      ...by(),
      type: 'finding.assessed',
      changeId,
      body: { findingId, outcome, winner: JSON.parse(JSON.stringify(assessment.winner)), order: assessment.order },
    },
  ]
  if ('change' in joined) {
    moves.push(changeMove(joined.isNew ? undefined : open, joined.change))
    for (const event of joined.events) evidence.push(changeEvidence(joined.change, event, by()))
    if (joined.isNew && pointerKey)
      moves.push({ kind: 'open-change', key: pointerKey, from: pointer?.version ?? 0, value: { changeId } })
  }
  if (isSame(known, assessment) && !('change' in joined)) return restart(open, outcome, driver)
  const result = await ledger.commit({ moves, evidence })
  if (!('committed' in result)) return undefined
  if ('change' in joined) await driver.start(changeId)
  return { outcome, changeId }
}

/** A crash between commit and start leaves a change without a driver; the redelivered message starts it. */
async function restart(open: Stored<Change> | undefined, outcome: string, driver: ChangeDriver) {
  if (open && open.value.state === 'assessed') await driver.start(open.value.changeId)
  return { outcome, ...(open ? { changeId: open.value.changeId } : {}) }
}

const isSame = (known: Stored<Assessment> | undefined, now: Assessment) =>
  known !== undefined && JSON.stringify(known.value) === JSON.stringify(JSON.parse(JSON.stringify(now)))

/** The first service of the host; none for nodes that nobody claimed. */
const serviceOf = (asset: Asset | undefined, catalogue: Catalogue): Service | undefined =>
  catalogue.services.find(({ name }) => name === asset?.services[0])

async function factsOf(
  finding: Finding,
  service: Service | undefined,
  ledger: Ledger,
  intel: Intel,
): Promise<RiskFacts> {
  const found = finding.vulnerabilityId?.startsWith('CVE-')
    ? await intel.lookup(finding.vulnerabilityId)
    : { feeds: {} }
  const { kev, epss, vulnrichment } =
    'feeds' in found ? { kev: undefined, epss: undefined, vulnrichment: undefined, ...found } : found
  const vector = finding.cvss.toSorted(
    (left, right) => right.version.localeCompare(left.version) || right.score - left.score,
  )[0]
  const scored = vector && scoreVector(vector.vector)
  const exposure = await exposureOf(finding, service, ledger)
  return {
    ...(finding.vulnerabilityId === undefined ? {} : { vulnerabilityId: finding.vulnerabilityId }),
    inKev: kev !== undefined,
    ...(kev ? { kevDateAdded: kev.dateAdded } : {}),
    kevForensicTriage: kev?.forensicTriage ?? false,
    ...exposure,
    automatable: vulnrichment?.automatable ?? 'missing',
    technicalImpact: vulnrichment?.technicalImpact ?? 'missing',
    exploitation: kev ? 'active' : (vulnrichment?.exploitation ?? (finding.isExploitAvailable ? 'poc' : 'none')),
    tier: service?.tier ?? 'mission-critical',
    ...(epss ? { epss: epss.probability } : finding.epss === undefined ? {} : { epss: finding.epss }),
    ...(scored && 'score' in scored ? { cvss: scored } : {}),
    detectedAt: finding.firstObservedAt,
    feeds: JSON.parse(JSON.stringify(found.feeds)),
  }
}

async function exposureOf(
  finding: Finding,
  service: Service | undefined,
  ledger: Ledger,
): Promise<Pick<RiskFacts, 'publiclyExposed' | 'publiclyExposedBecause'>> {
  const reachable = (await ledger.list(FindingRecord, lists.findings)).some(
    ({ value }) =>
      value.type === 'network-reachability' && value.status === 'active' && value.resource.id === finding.resource.id,
  )
  if (reachable) return { publiclyExposed: true, publiclyExposedBecause: 'reachability-finding' }
  if (service?.exposure === 'internet') return { publiclyExposed: true, publiclyExposedBecause: 'service-exposure' }
  if (service?.exposure === 'internal') return { publiclyExposed: false, publiclyExposedBecause: 'service-internal' }
  return { publiclyExposed: true, publiclyExposedBecause: 'unknown-counts-as-exposed' }
}

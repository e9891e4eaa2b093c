/** Plans a recorded change: reads what a plan rests on, builds it, and commits plan and moves together. */
import { AssetRecord, CatalogueRecord, type Nodes, PolicyRecord } from '../catalogue/index.ts'
import {
  type ChangeEvent,
  ChangeRecord,
  changeEvidence,
  changeMove,
  type MovePorts,
  moveChange,
  moveRecordedChange,
} from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, lists } from '../kit/keys.ts'
import type { EvidenceRecord } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { BlockedPatchRecord } from './blocked-patch.ts'
import { buildPlan } from './build-plan.ts'
import { PlanRecord } from './plan.ts'
import type { DocumentPin, DocumentPins } from './ports.ts'
import { stepDocuments } from './step-documents.ts'

export interface PlanPorts extends MovePorts {
  readonly nodes: Nodes
  readonly pins: DocumentPins
  readonly digest: (text: string) => string
}

export async function planRecordedChange(
  changeId: string,
  ports: PlanPorts,
): Promise<{ outcome: 'planned' | 'held'; planHash?: string; because?: string }> {
  const { ledger, clock, ids, account, digest } = ports
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change) throw new DrydockError('DD1601', `change ${changeId} is not in the ledger`)
  const [catalogue, policy] = await Promise.all([
    ledger.read(CatalogueRecord, keys.catalogue()),
    ledger.read(PolicyRecord, keys.policy()),
  ])
  if (!catalogue || !policy) return hold(changeId, `no ${catalogue ? 'policy' : 'catalogue'} is loaded`, ports)
  const [assets, blocked, installed, documents] = await Promise.all([
    ledger.list(AssetRecord, lists.assets),
    ledger.list(BlockedPatchRecord, lists.blockedPatches),
    ports.nodes.installed(change.value.packages.map(({ name }) => name)),
    documentsOf(ports.pins),
  ])
  const nowMs = clock.nowMs()
  const at = isoInstant(nowMs)
  const built = buildPlan({
    change: change.value,
    catalogue: catalogue.value,
    policy: policy.value,
    assets: assets.map(({ value }) => value),
    installed,
    documents,
    blocked: blocked.map(({ value }) => value),
    nowIso: at,
  })
  if ('refused' in built) return hold(changeId, `${built.refused}: ${built.because}`, ports)
  const planHash = digest(canonicalJson(built.plan))
  const events: ChangeEvent[] = [{ type: 'planned', planHash }, { type: 'review-opened' }]
  let next = change.value
  const evidence: EvidenceRecord[] = []
  for (const event of events) {
    const moved = moveChange(next, event, at)
    if ('refused' in moved) return { outcome: 'held', because: `${event.type} is not allowed from ${moved.from}` }
    next = moved.change
    evidence.push(changeEvidence(next, event, { leafId: ids.next(), at, account, actor: 'drydock' }))
  }
  const known = await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  const [first, ...rest] = evidence
  if (!first) throw new DrydockError('DD1601', `change ${changeId} made no evidence`)
  const plan = {
    kind: 'plan',
    key: keys.plan(changeId, planHash),
    from: 0,
    value: JSON.parse(canonicalJson(built.plan)),
  }
  const result = await ledger.commit({
    moves: [...(known ? [] : [plan]), changeMove(change, next)],
    evidence: [{ ...first, body: { event: 'planned', planHash, plan: plan.value } }, ...rest],
  })
  if (!('committed' in result))
    throw new DrydockError(
      'DD1602',
      `change ${changeId} was moved by someone else while it was planned; the driver asks again`,
    )
  return { outcome: 'planned', planHash }
}

async function documentsOf(pins: DocumentPins): Promise<Record<string, DocumentPin>> {
  const found = await Promise.all(
    Object.entries(stepDocuments).map(async ([step, name]) => [step, await pins.current(name)] as const),
  )
  return Object.fromEntries(found.flatMap(([step, pin]) => (pin ? [[step, pin]] : [])))
}

async function hold(
  changeId: string,
  because: string,
  ports: MovePorts,
): Promise<{ outcome: 'held'; because: string }> {
  await moveRecordedChange(changeId, { type: 'held', because }, ports)
  return { outcome: 'held', because }
}

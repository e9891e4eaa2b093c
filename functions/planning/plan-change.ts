/** Plans a recorded change: reads the inputs, builds the plan, and commits plan and moves together. */
import * as z from 'zod'
import { type CalendarStates, readCalendars } from '../calendar/index.ts'
import { CatalogueRecord, PolicyRecord } from '../catalogue/index.ts'
import {
  type Change,
  type ChangeEvent,
  ChangeRecord,
  changeEvidence,
  changeMove,
  findingIdsOf,
  heldEvent,
  type MovePorts,
  moveChange,
  moveRecordedChange,
} from '../changes/index.ts'
import { type Finding, FindingRecord } from '../finding/index.ts'
import { AssetRecord, type Inventory } from '../inventory/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, lists, partitions, prefixes } from '../kit/keys.ts'
import type { EvidenceRecord, Stored } from '../kit/ledger.ts'
import { objectPath } from '../kit/object-header.ts'
import type { Metrics } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { type BlockedPatch, BlockedPatchRecord } from './blocked-patch.ts'
import { type BuiltPlan, buildPlan } from './build-plan.ts'
import { installedNow } from './installed-now.ts'
import { type Plan, PlanRecord } from './plan.ts'
import type { DocumentPin, DocumentPins, OverrideLists } from './ports.ts'
import { stepDocumentsOf } from './step-documents.ts'
import { windowsPatchOf } from './windows-patch.ts'

export const PlanChange = z.strictObject({ changeId: z.string().length(26) })
export type PlanChange = z.infer<typeof PlanChange>

export interface PlanPorts extends MovePorts {
  /** The hub's and each spoke's. */
  readonly inventories: readonly Inventory[]
  readonly metrics: Metrics
  readonly pins: DocumentPins
  /** Absent: calendars that SSM keeps count as closed. */
  readonly calendarStates?: CalendarStates
  readonly overrideLists: OverrideLists
  /** SHA-256 of a text, in hex. */
  readonly digest: (text: string) => string
}

export type PlanOutcome =
  | { readonly outcome: 'planned'; readonly planHash: string }
  | { readonly outcome: 'held'; readonly because: string }

/** Findings read in parallel. */
const readsAtOnce = 50

/**
 * Plans a change and opens its review, or holds it with the reason. Planned again from the same facts, the change keeps
 * its plan and votes.
 *
 * @throws DrydockError DD1601 when there is no such change, DD1602 when every try met another writer.
 */
export const planRecordedChange = (changeId: string, ports: PlanPorts): Promise<PlanOutcome> =>
  retried({ code: 'DD1602', what: `change ${changeId}`, advice: 'plan it again' }, () => tryOnce(changeId, ports))

/** The input from the machine. */
export const run = ({ changeId }: PlanChange, ports: PlanPorts): Promise<PlanOutcome> =>
  planRecordedChange(changeId, ports)

async function tryOnce(changeId: string, ports: PlanPorts): Promise<PlanOutcome | undefined> {
  const change = await ports.ledger.read(ChangeRecord, keys.change(changeId))
  if (!change) throw new DrydockError('DD1601', `change ${changeId} is not in the ledger`)
  const nowMs = ports.clock.nowMs()
  const at = isoInstant(nowMs)
  const built = await planOf(change.value, nowMs, ports)
  if ('refused' in built) return hold(changeId, `${built.refused}: ${built.because}`, ports)
  const { overrideList } = built.plan.manifest
  // Written before the plan that names it, so that no approved plan lacks its list.
  if (overrideList) await ports.overrideLists.keep(overrideList)
  return record(change, built.plan, at, ports)
}

async function planOf(change: Change, nowMs: number, ports: PlanPorts): Promise<BuiltPlan> {
  const { ledger, pins } = ports
  const [catalogue, policy] = await Promise.all([
    ledger.read(CatalogueRecord, keys.catalogue()),
    ledger.read(PolicyRecord, keys.policy()),
  ])
  if (!catalogue || !policy)
    return { refused: 'not-set-up', because: `no ${catalogue ? 'policy' : 'catalogue'} is loaded`, names: [] }
  const windows = await windowsPatch(change, ports)
  if (windows && 'bad' in windows)
    return {
      refused: 'no-update',
      because: `not Windows update numbers: ${windows.bad.join(', ')}`,
      names: windows.bad,
    }
  const names = [...new Set(change.packages.map(({ name }) => name))].sort()
  const assets = (await ledger.list(AssetRecord, lists.assets)).map(({ value }) => value)
  const own = assets.filter(({ services }) => services.includes(change.service))
  const [blocked, { installed, unread }, documents, readings] = await Promise.all([
    blockedPatches(names, ledger),
    installedNow(names, own, ports),
    documentsOf(change, pins),
    readCalendars(catalogue.value.calendars, ports.calendarStates, nowMs),
  ])
  return buildPlan({
    change,
    catalogue: catalogue.value,
    policy: policy.value,
    assets,
    installed,
    unread,
    documents,
    blocked,
    windows,
    readings,
    nowIso: isoInstant(nowMs),
  })
}

/** By key, not by list: a block written a moment ago must already count. */
async function blockedPatches(names: readonly string[], ledger: PlanPorts['ledger']): Promise<BlockedPatch[]> {
  const found = await Promise.all(
    names.map((name) => ledger.query(BlockedPatchRecord, partitions.blockedPackage(name), prefixes.blockedVersion)),
  )
  return found.flat().map(({ value }) => value)
}

/** Undefined for Linux. */
async function windowsPatch(change: Change, { ledger, digest }: PlanPorts) {
  if (change.patchSet !== 'windows-updates') return undefined
  const findings: Finding[] = []
  for await (const page of findingIdsOf(change, ledger)) {
    const read = await inParallel(page, readsAtOnce, (id) => ledger.read(FindingRecord, keys.finding(id)))
    findings.push(...read.flatMap((stored) => (stored ? [stored.value] : [])))
  }
  return windowsPatchOf(change, findings, digest)
}

async function documentsOf({ patchSet }: Change, pins: DocumentPins): Promise<Record<string, DocumentPin>> {
  const found = await Promise.all(
    Object.entries(stepDocumentsOf(patchSet)).map(async ([step, name]) => [step, await pins.current(name)] as const),
  )
  return Object.fromEntries(found.flatMap(([step, pin]) => (pin ? [[step, pin]] : [])))
}

async function record(
  change: Stored<Change>,
  plan: Plan,
  at: string,
  ports: PlanPorts,
): Promise<PlanOutcome | undefined> {
  const { ledger, digest } = ports
  const { changeId, planHash: known, state } = change.value
  const text = canonicalJson(plan)
  const planHash = digest(text)
  if (known === planHash && state !== 'assessed' && state !== 'planned') return { outcome: 'planned', planHash }
  const planned: ChangeEvent = { type: 'planned', planHash }
  const first = moveChange(change.value, planned, at)
  if ('refused' in first) return { outcome: 'held', because: `planned is not allowed from ${first.from}` }
  const reviewed: ChangeEvent = { type: 'review-opened' }
  const second = moveChange(first.change, reviewed, at)
  if ('refused' in second) return { outcome: 'held', because: `review-opened is not allowed from ${second.from}` }
  const by = () => evidenceBy(ports, at)
  const value = JSON.parse(text)
  const evidence: [EvidenceRecord, EvidenceRecord] = [
    {
      ...changeEvidence(first.change, planned, by()),
      body: { event: 'planned', planHash, ...summaryOf(plan, planHash) },
    },
    changeEvidence(second.change, reviewed, by()),
  ]
  const key = keys.plan(changeId, planHash)
  const stored = await ledger.read(PlanRecord, key)
  const moves = [...(stored ? [] : [{ kind: PlanRecord.kind, key, from: 0, value }]), changeMove(change, second.change)]
  const result = await ledger.commit({ moves, evidence })
  return 'committed' in result ? { outcome: 'planned', planHash } : undefined
}

/** What the leaf says of a plan: where its bytes stand, under the hash that was voted on, and how large it is. */
const summaryOf = ({ service, manifest, rings, excluded }: Plan, planHash: string) => ({
  object: objectPath(planHash),
  plan: {
    service,
    packages: manifest.packages.length,
    rings: rings.map(({ name, hosts }) => ({ name, hosts: hosts.length })),
    excluded: excluded.length,
  },
})

async function hold(changeId: string, because: string, ports: MovePorts): Promise<PlanOutcome> {
  const reason = { gate: 'plan', because, endedBy: { kind: 'person', role: 'change-manager' } } as const
  await moveRecordedChange(changeId, heldEvent([reason]), ports)
  return { outcome: 'held', because }
}

/** One service on Linux and Windows nodes in virtual time: from findings to two changes, two plans, and what is then on the nodes. */
import { createHash } from 'node:crypto'
import { Catalogue } from '../../../functions/catalogue/catalogue.ts'
import { PolicyRecord } from '../../../functions/catalogue/policy.ts'
import { run as assessFinding } from '../../../functions/changes/assess-finding.ts'
import { type Change, ChangeRecord } from '../../../functions/changes/change.ts'
import { changeMove } from '../../../functions/changes/reducer.ts'
import { type Finding, FindingRecord } from '../../../functions/finding/finding.ts'
import { run as syncAssets } from '../../../functions/inventory/sync-assets.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { Move, RecordKey } from '../../../functions/kit/ledger.ts'
import { type Plan, PlanRecord } from '../../../functions/planning/plan.ts'
import { run as planChange } from '../../../functions/planning/plan-change.ts'
import { openRollback } from '../../../functions/rollback/open.ts'
import { isUnavailable } from '../../../functions/rollout/budgets.ts'
import { run as dispatchHosts } from '../../../functions/rollout/dispatch-hosts.ts'
import { rememberedPlans } from '../../../functions/rollout/plans.ts'
import type { Ring } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { readRing, ringsOf as ringsOfChange } from '../../../functions/rollout/ring-record.ts'
import { rememberedRings } from '../../../functions/rollout/rings.ts'
import { anyNode } from '../../../simulator/fleet/default-fleet.ts'
import { ownDocuments } from '../../../simulator/fleet/documents.ts'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import { Fleet } from '../../../simulator/fleet/fleet.ts'
import { memoryChangeDriver } from '../../../simulator/ports/change-driver.ts'
import { fleetCommands } from '../../../simulator/ports/commands.ts'
import { fleetInventories, fleetOverrideLists, fleetPins } from '../../../simulator/ports/fleet.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyPolicy, anyService } from '../validation/builders.ts'
import { approvalMove, healthyEvidence, people } from './any-catalogue.ts'

export interface MixedService {
  readonly linux: number
  /** By the update that each Windows node needs, as Windows Server 2019 and 2022 need different ones. */
  readonly windows: readonly string[]
  readonly faults: readonly Fault[]
  readonly seed: number
}

const startIso = '2026-03-02T10:00:00.000Z'
export const minimumHealthy = 3
export const linuxId = (index: number) => `i-${(index + 1).toString(16).padStart(8, '0')}`
export const windowsId = (index: number) => `i-${(index + 0x100).toString(16).padStart(8, '0')}`
const tags = { 'patch-managed': 'true', 'patch-service': 'web', 'patch-stage': 'production' }

function fleetOf({ linux, windows, faults, seed }: MixedService): Fleet {
  const fleet = new Fleet({ seed, stepMs: 2_000 })
  for (const document of ownDocuments()) fleet.documents.set(document.name, document)
  const nodes = [
    ...Array.from({ length: linux }, (_, at) =>
      anyNode({ hostId: linuxId(at), zone: 'z', tags, packages: { snapd: '1' } }),
    ),
    ...windows.map((update, at) =>
      anyNode({
        hostId: windowsId(at),
        platformType: 'Windows',
        platformName: 'Microsoft Windows Server 2019 Datacenter',
        zone: 'z',
        tags,
        packages: { KB890830: 'installed' },
        runningKernel: '10.0.17763.5206',
        installedKernel: '10.0.17763.5206',
        updatesOffered: [update],
      }),
    ),
  ]
  for (const node of nodes) fleet.nodes.set(node.hostId, node)
  for (const fault of faults) fleet.script(fault)
  return fleet
}

/** One finding for each node, as a scanner that has seen all of them reports them. */
function findingsOf({ linux, windows }: MixedService): Finding[] {
  const finding = (at: number, hostId: string, name: string, fixedVersion: string) =>
    anyFinding({
      findingId: `F${String(at).padStart(25, '0')}`,
      account: '123456789012',
      resource: { type: 'ec2-instance', id: hostId, tags: {} },
      packages: [{ name, installedVersion: '1', fixedVersion, manager: 'OS', isPatchable: true }],
    })
  return [
    ...Array.from({ length: linux }, (_, at) => finding(at, linuxId(at), 'snapd', '2')),
    ...windows.map((update, at) => finding(1_000 + at, windowsId(at), 'Windows Server', update)),
  ]
}

/** The ledger with the service, its nodes and its findings, and every port over the simulated fleet. */
async function worldOf(options: MixedService) {
  const fleet = fleetOf(options)
  const clock = fixedClock(Date.parse(startIso))
  const ledger = memoryLedger()
  const ids = sequentialIds()
  const account = '123456789012'
  const put = (kind: string, key: RecordKey, value: Json, list?: Move['list']) =>
    ledger.commit({
      moves: [{ kind, key, from: 0, value, ...(list ? { list } : {}) }],
      evidence: [{ leafId: ids.next(), at: '', type: 'test', account, changeId: 'none', actor: 'test', body: {} }],
    })
  const rings = [{ name: 'production', stage: 'production', soakSeconds: 0, failureBudget: 1, isCanary: false }]
  const service = { ...anyService(), rings, minimumHealthy, concurrencyMax: 50 }
  await put('catalogue', keys.catalogue(), Catalogue.parse({ services: [service], people }))
  await put(PolicyRecord.kind, keys.policy(), anyPolicy())
  const feeds = { kev: { version: '1', date: '2026-03-02', checkedAt: startIso } }
  const ports = {
    ledger,
    plans: rememberedPlans(ledger),
    rings: rememberedRings(),
    clock,
    ids,
    account,
    inventories: fleetInventories(fleet, 'eu-west-1'),
    pins: fleetPins(fleet),
    overrideLists: fleetOverrideLists(fleet),
    commands: fleetCommands(fleet, clock),
    nudges: memoryNudges(),
    metrics: { count: () => undefined },
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    intel: { lookup: async () => ({ feeds }) },
    driver: memoryChangeDriver(),
    tokens: { succeed: async () => 'answered' as const },
    evidenceHealth: healthyEvidence,
  }
  await syncAssets({}, ports)
  for (const finding of findingsOf(options)) {
    const { findingId } = finding
    await put(FindingRecord.kind, keys.finding(findingId), finding, { pk: lists.findings, sk: findingId })
    await assessFinding({ findingId }, ports)
  }
  return { fleet, clock, ledger, ports, put }
}
type World = Awaited<ReturnType<typeof worldOf>>

export interface Planned {
  readonly change: Change
  readonly plan: Plan
  readonly planHash: string
}

/** The plan of a change as its nodes are now. */
export async function plannedChange(change: Change, { ledger, ports }: World): Promise<Planned> {
  const built = await planChange({ changeId: change.changeId }, ports)
  if (built.outcome !== 'planned') throw new Error(built.because)
  const plan = await ledger.read(PlanRecord, keys.plan(change.changeId, built.planHash))
  if (!plan) throw new Error('the plan is not in the ledger')
  return { change, plan: plan.value, planHash: built.planHash }
}

/** The service with one plan for each of its two changes. */
export async function plannedService(options: MixedService) {
  const world = await worldOf(options)
  const { ledger } = world
  const changes = (await ledger.list(ChangeRecord, lists.changes)).map(({ value }) => value)
  const planned: Planned[] = []
  for (const change of changes) planned.push(await plannedChange(change, world))
  const of = (patchSet: Change['patchSet']) => planned.find(({ change }) => change.patchSet === patchSet)
  return { ...world, planned, windows: of('windows-updates'), linux: of('os-packages') }
}

async function ringsOf({ ledger }: World, planned: readonly Pick<Planned, 'plan'>[]): Promise<Ring[]> {
  const read = planned.map(({ plan }) => ringsOfChange(plan.changeId, ledger))
  return (await Promise.all(read)).flat()
}

/** Hosts that are down by all rings together. */
const downIn = (rings: readonly Ring[]) =>
  rings
    .flatMap(({ hosts }) => Object.values(hosts))
    .filter((host) => isUnavailable(host) && !['precheck', 'restore-point'].includes(host.step)).length

/** The change as its approval and its gates leave it when its one ring opens. */
async function opensRing({ ledger, ports }: World, changeId: string, planHash: string) {
  const read = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!read) throw new Error('no change')
  const next: Change = { ...read.value, state: 'in-progress', ring: 'production', planHash }
  const by = { at: '', type: 'test', account: '', changeId, actor: 'test', body: {} }
  await ledger.commit({ moves: [changeMove(read, next)], evidence: [{ leafId: ports.ids.next(), ...by }] })
}

/** Rolls all plans out side by side, until their rings have ended. */
export async function rolledOut(world: World, planned: readonly Planned[]) {
  for (const { plan, planHash } of planned) {
    await opensRing(world, plan.changeId, planHash)
    const approval = approvalMove(plan.changeId, planHash, startIso)
    await world.put(approval.kind, approval.key, approval.value)
    const ring = openedRing(plan, planHash, 'production', undefined, 'token', startIso)
    const moves = ringMoves(undefined, ring).moves
    for (const { kind, key, value, list } of moves) await world.put(kind, key, value, list)
  }
  return driven(world, planned)
}

/** Takes what a ring has touched back, as far as the plan has a way back. */
export async function rolledBack(world: World, { plan, planHash }: Planned, rings: readonly Ring[]) {
  const ring = openRollback({ plan, planHash, ring: 'production', rings, taskToken: 'token', at: startIso })
  const moves = ringMoves(undefined, ring).moves
  for (const { kind, key, value, list } of moves) await world.put(kind, key, value, list)
  await driven(world, [{ plan }])
  return (await readRing(plan.changeId, ring.name, world.ledger))?.value
}

async function driven(world: World, planned: readonly Pick<Planned, 'plan'>[]) {
  const { fleet, clock, ports } = world
  let mostDown = 0
  const now = () => ringsOf(world, planned)
  for (let second = 0; second < 3_000; second++) {
    fleet.tick(clock.nowMs())
    const open = (await now()).filter(({ state }) => state === 'open')
    if (open.length === 0) break
    await Promise.all(open.map(({ changeId, name }) => dispatchHosts([{ changeId, ring: name }], ports)))
    mostDown = Math.max(mostDown, downIn(await now()))
    clock.advance(1_000)
  }
  return { rings: await now(), mostDown }
}

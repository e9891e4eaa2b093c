/** A rollback of many hosts, each to versions of its own, that all stand at the same step: the most that one pass can have to do. */
import { keys } from '../../../functions/kit/keys.ts'
import type { Ledger, Move } from '../../../functions/kit/ledger.ts'
import { itemsOf } from '../../../functions/kit/transaction.ts'
import { openRollback } from '../../../functions/rollback/open.ts'
import { run as dispatchHosts } from '../../../functions/rollout/dispatch-hosts.ts'
import { leaseMove } from '../../../functions/rollout/lease.ts'
import { rememberedPlans } from '../../../functions/rollout/plans.ts'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { rememberedRings } from '../../../functions/rollout/rings.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import { anyNode } from '../../../simulator/fleet/default-fleet.ts'
import { ownDocuments } from '../../../simulator/fleet/documents.ts'
import { Fleet } from '../../../simulator/fleet/fleet.ts'
import { fleetCommands } from '../../../simulator/ports/commands.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyService, approvalMove, catalogueOf, healthyEvidence } from '../rollout/any-catalogue.ts'

export const changeId = '01J00000000000000000000001'
export const planHash = 'a'.repeat(64)
const at = '2026-01-01T00:00:00.000Z'

export interface ManyHosts {
  readonly hosts: number
  /** Services that the hosts serve in turn. */
  readonly services: number
  readonly packages: number
  /** Where every host of the rollback stands; its change has the lease of each. */
  readonly progress: HostProgress
}

const steps = { precheck: 'Precheck', 'restore-point': 'RestorePoint', install: 'Install', reboot: 'Reboot' }
const more = { verify: 'Verify', collect: 'Collect', rollback: 'Rollback' }

function planOf({ hosts, services, packages }: ManyHosts, fleet: Fleet) {
  const names = Array.from({ length: services }, (_, index) => `service-${index}`)
  const planned = Array.from({ length: hosts }, (_, index) => ({
    hostId: `i-${index.toString(16).padStart(8, '0')}`,
    services: [names[index % services] ?? ''],
    zone: 'z0',
    order: index,
    startSeconds: 0,
    durationSeconds: 600,
  }))
  const documents = Object.fromEntries(
    Object.entries({ ...steps, ...more }).map(([step, name]) => [
      step,
      { name: `Drydock-${name}`, version: '1', hash: fleet.documents.get(`Drydock-${name}`)?.hash ?? '' },
    ]),
  )
  const names200 = Array.from({ length: packages }, (_, index) => `package-${index}`)
  return anyPlan({
    changeId,
    service: 'service-0',
    manifest: { packages: names200.map((name) => ({ name, version: '2' })), documents },
    rings: [{ name: 'production', index: 0, hosts: planned, soakSeconds: 0, isCanary: false, failureBudget: 0 }],
    limits: names.map((service) => ({
      service,
      hosts,
      minimumHealthy: 0,
      unavailableMax: hosts,
      unavailableMaxByZone: { z0: hosts },
      dependsOn: [],
    })),
    concurrencyMax: hosts,
    rebootsMax: hosts,
    rollbackPlan: {
      ...anyPlan().rollbackPlan,
      previousVersions: Object.fromEntries(planned.map(({ hostId }, index) => [hostId, { 'package-0': `1.${index}` }])),
    },
  })
}

/** The world, and a ledger that counts the items of each transaction. */
export async function manyHosts(options: ManyHosts) {
  const fleet = new Fleet({ seed: 1, stepMs: 2_000 })
  for (const document of ownDocuments()) fleet.documents.set(document.name, document)
  const plan = planOf(options, fleet)
  const hostIds = plan.rings.flatMap(({ hosts }) => hosts.map(({ hostId }) => hostId))
  for (const hostId of hostIds) fleet.nodes.set(hostId, anyNode({ hostId, packages: { 'package-0': '2' } }))
  const memory = memoryLedger()
  const sizes: number[] = []
  const ledger: Ledger = {
    ...memory,
    commit(transaction) {
      sizes.push(itemsOf(transaction))
      return memory.commit(transaction)
    },
  }
  const clock = fixedClock(Date.parse(at))
  const { ring, moves } = seedOf(options, plan, hostIds, clock.nowMs())
  for (const [index, move] of moves.entries())
    await memory.commit({
      moves: [move],
      evidence: [{ leafId: `0seed${index}`, at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} }],
    })
  const ports = {
    ledger,
    plans: rememberedPlans(ledger),
    rings: rememberedRings(),
    commands: fleetCommands(fleet, clock),
    nudges: memoryNudges(),
    clock,
    ids: sequentialIds(),
    metrics: { count() {} },
    account: '123456789012',
    evidenceHealth: healthyEvidence,
    tokens: { succeed: async () => 'answered' as const },
  }
  async function pass() {
    fleet.tick(clock.nowMs())
    const { failed } = await dispatchHosts([{ changeId, ring: ring.name }], ports)
    for (const error of failed.values()) throw error
    clock.advance(1_000)
  }
  return { plan, ring, memory, ledger, sizes, clock, ports, pass }
}

function seedOf({ progress, services }: ManyHosts, plan: ReturnType<typeof planOf>, hostIds: string[], nowMs: number) {
  const opened = openedRing(plan, planHash, 'production', undefined, 'token', at)
  const done: HostProgress = { step: 'verify', state: 'done', attempt: 1 }
  const patched: Ring = { ...opened, state: 'succeeded', hosts: Object.fromEntries(hostIds.map((id) => [id, done])) }
  const rollback = openRollback({ plan, planHash, ring: 'production', rings: [patched], taskToken: 'token', at })
  const ring: Ring = { ...rollback, hosts: Object.fromEntries(hostIds.map((id) => [id, progress])) }
  const change = anyChange({ changeId, service: 'service-0', state: 'in-progress', planHash, ring: 'production' })
  const names = Array.from({ length: services }, (_, index) => anyService(`service-${index}`))
  const moves: Move[] = [
    { kind: 'policy', key: keys.policy(), from: 0, value: scenarioPolicy() },
    { kind: 'catalogue', key: keys.catalogue(), from: 0, value: catalogueOf(names) },
    { kind: 'plan', key: keys.plan(changeId, planHash), from: 0, value: plan },
    { kind: 'change', key: keys.change(changeId), from: 0, value: change },
    approvalMove(changeId, planHash),
    ...ringMoves(undefined, patched).moves,
    ...ringMoves(undefined, ring).moves,
    ...hostIds.map((hostId) =>
      leaseMove(undefined, {
        hostId,
        changeId,
        ring: ring.name,
        services: [],
        fencingToken: 1,
        takenAt: at,
        expiresAtMs: nowMs + 86_400_000,
        isReleased: false,
      }),
    ),
  ]
  return { ring, moves }
}

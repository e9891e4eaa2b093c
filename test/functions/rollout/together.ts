/** Several changes at once in virtual time: services that depend on each other, hosts that serve two, dispatchers that run side by side. */
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { EvidenceRecord, Ledger } from '../../../functions/kit/ledger.ts'
import type { Plan } from '../../../functions/planning/plan.ts'
import { openRollback } from '../../../functions/rollback/open.ts'
import { isUnavailable } from '../../../functions/rollout/budgets.ts'
import { run as dispatchHosts } from '../../../functions/rollout/dispatch-hosts.ts'
import { rememberedPlans } from '../../../functions/rollout/plans.ts'
import type { Ring } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { ringsOf } from '../../../functions/rollout/ring-record.ts'
import { rememberedRings } from '../../../functions/rollout/rings.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import { anyNode } from '../../../simulator/fleet/default-fleet.ts'
import { ownDocuments } from '../../../simulator/fleet/documents.ts'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import { Fleet } from '../../../simulator/fleet/fleet.ts'
import { fleetCommands } from '../../../simulator/ports/commands.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyService, approvalMove, catalogueOf, healthyEvidence } from './any-catalogue.ts'

/** Every service with all that it depends on. */
const below = {
  db: [],
  orders: ['db'],
  api: ['db', 'orders'],
  web: ['api', 'db', 'orders'],
  batch: ['db', 'orders'],
} as const
export type ServiceName = keyof typeof below
export const serviceNames: readonly ServiceName[] = ['db', 'orders', 'api', 'web', 'batch']

export interface Together {
  /** One change each; a service may stand twice. */
  readonly changes: readonly {
    readonly service: ServiceName
    readonly isRollback: boolean
    readonly startsAtSeconds?: number
  }[]
  readonly unavailableMax: number
  readonly rtoMinutes?: number
  readonly faults: readonly Fault[]
  readonly seed: number
}

export interface InvocationOutcome {
  readonly rings: readonly Ring[]
  readonly violations: readonly string[]
  readonly seconds: number
  /** Metrics counted, by name. */
  readonly counted: Readonly<Record<string, number>>
  /** Evidence of a type. */
  readonly evidence: (type: string) => readonly EvidenceRecord[]
}

const zones = ['z0', 'z1', 'z2'] as const
const hostsOf = serviceNames.flatMap((service, at) =>
  Array.from({ length: 4 }, (_, index) => ({
    hostId: `i-${(16 * (at + 1) + index).toString(16).padStart(8, '0')}`,
    services: service === 'api' && index === 3 ? ['api', 'batch'] : [service],
    zone: zones[index % 3] ?? 'z0',
  })),
)
export const hostIds = hostsOf.map(({ hostId }) => hostId)
const changeIdOf = (index: number) => `01J${String(index).padStart(23, '0')}`
const planHash = 'a'.repeat(64)

function planOf(
  index: number,
  service: ServiceName,
  { unavailableMax, rtoMinutes = 15 }: Pick<Together, 'unavailableMax' | 'rtoMinutes'>,
  fleet: Fleet,
): Plan {
  const own = hostsOf.filter(({ services }) => services.includes(service))
  const touched = serviceNames.filter((name) => own.some(({ services }) => services.includes(name)))
  const names = { precheck: 'Precheck', 'restore-point': 'RestorePoint', install: 'Install', reboot: 'Reboot' }
  const more = { verify: 'Verify', collect: 'Collect', rollback: 'Rollback' }
  const documents = Object.fromEntries(
    Object.entries({ ...names, ...more }).map(([step, name]) => [
      step,
      { name: `Drydock-${name}`, version: '1', hash: fleet.documents.get(`Drydock-${name}`)?.hash ?? '' },
    ]),
  )
  return anyPlan({
    changeId: changeIdOf(index),
    service,
    manifest: { packages: [{ name: 'snapd', version: String(index + 2) }], documents },
    rings: [
      {
        name: 'production',
        index: 0,
        hosts: own.map((host, order) => ({ ...host, order, startSeconds: 0, durationSeconds: 600 })),
        soakSeconds: 0,
        isCanary: false,
        failureBudget: 4,
      },
    ],
    limits: touched.map((name) => ({
      service: name,
      hosts: 4,
      minimumHealthy: 4 - unavailableMax,
      unavailableMax,
      unavailableMaxByZone: { z0: unavailableMax, z1: unavailableMax, z2: unavailableMax },
      dependsOn: [...below[name]],
    })),
    rollbackPlan: {
      ...anyPlan().rollbackPlan,
      rtoMinutes,
      previousVersions: Object.fromEntries(own.map(({ hostId }) => [hostId, { snapd: '1' }])),
    },
  })
}

function fleetOf({ seed, faults }: Together): Fleet {
  const fleet = new Fleet({ seed, stepMs: 2_000 })
  for (const document of ownDocuments()) fleet.documents.set(document.name, document)
  for (const { hostId } of hostsOf) fleet.nodes.set(hostId, anyNode({ hostId, packages: { snapd: '1' } }))
  for (const fault of faults) fleet.script(fault)
  return fleet
}

/** What the rings say is broken: I3 between changes, and I2 over all of them. */
function violationsOf(rings: readonly Ring[], unavailableMax: number): string[] {
  const servicesOf = new Map(hostsOf.map(({ hostId, services }) => [hostId, services]))
  const down = rings.flatMap((ring) =>
    Object.entries(ring.hosts).flatMap(([hostId, host]) =>
      isUnavailable(host) && host.step !== 'precheck' && host.step !== 'restore-point'
        ? [{ hostId, changeId: ring.changeId, host, services: servicesOf.get(hostId) ?? [] }]
        : [],
    ),
  )
  const inWork = down.filter(({ host }) => host.state === 'sent' || host.state === 'waiting')
  const dependsOn = (one: string, other: string) => below[one as ServiceName].some((name) => name === other)
  const tiers = inWork.flatMap((one) =>
    inWork
      .filter(({ changeId }) => changeId !== one.changeId)
      .filter((other) => one.services.some((upper) => other.services.some((lower) => dependsOn(upper, lower))))
      .map(
        (other) => `I3 ${one.hostId} (${one.services}) and ${other.hostId} (${other.services}) are in work together`,
      ),
  )
  // A rollback may take one host down whatever else is down.
  const hasRollback = rings.some(({ mode }) => mode === 'rollback')
  const floors = serviceNames.flatMap((service) => {
    const own = new Set(down.filter(({ services }) => services.includes(service)).map(({ hostId }) => hostId))
    return own.size > unavailableMax && !hasRollback ? [`I2 ${own.size} of ${service} are down`] : []
  })
  return [...tiers, ...floors]
}

/** Runs all changes until each ring has ended or virtual time runs out; the invariants are looked at after every commit. */
export async function together(options: Together): Promise<InvocationOutcome> {
  const fleet = fleetOf(options)
  const clock = fixedClock(Date.parse('2026-01-01T00:00:00.000Z'))
  const memory = memoryLedger()
  const violations: string[] = []
  const counted: Record<string, number> = {}
  const ringsNow = async () =>
    (await Promise.all(options.changes.map((_, index) => ringsOf(changeIdOf(index), memory)))).flat()
  const ledger: Ledger = {
    ...memory,
    async commit(transaction) {
      const result = await memory.commit(transaction)
      violations.push(...violationsOf(await ringsNow(), options.unavailableMax))
      return result
    },
  }
  await seedLedger(options, fleet, memory)
  const shared = {
    ledger,
    plans: rememberedPlans(ledger),
    rings: rememberedRings(),
    commands: fleetCommands(fleet, clock),
    nudges: memoryNudges(),
    clock,
    ids: sequentialIds(),
    metrics: {
      count(name: string, by = 1) {
        counted[name] = (counted[name] ?? 0) + by
      },
    },
    account: '123456789012',
    evidenceHealth: healthyEvidence,
    tokens: { succeed: async () => 'answered' as const },
  }
  let seconds = 0
  for (; seconds < 3_000; seconds++) {
    fleet.tick(clock.nowMs())
    const open = (await ringsNow()).filter(({ state }) => state === 'open')
    if (open.length === 0 || violations.length > 0) break
    // Side by side, and in another order each second: who reads first need not be who commits first.
    const started = open.filter(
      ({ changeId }) => seconds >= (options.changes[Number(changeId.slice(3))]?.startsAtSeconds ?? 0),
    )
    const turned = started.map((_, index) => started[(index + seconds) % started.length])
    await Promise.all(
      turned.map(async (ring) => {
        if (!ring) return
        const { failed } = await dispatchHosts([{ changeId: ring.changeId, ring: ring.name }], shared)
        for (const error of failed.values()) throw error
      }),
    )
    clock.advance(1_000)
  }
  const evidence = (type: string) => memory.outbox().filter((record) => record.type === type)
  return { rings: await ringsNow(), violations, seconds, counted, evidence }
}

async function seedLedger({ changes, ...limits }: Together, fleet: Fleet, ledger: Ledger) {
  const at = '2026-01-01T00:00:00.000Z'
  const evidence = { at: '', type: 'test.seeded', account: '', changeId: 'none', actor: '', body: {} }
  await ledger.commit({
    moves: [
      { kind: 'policy', key: keys.policy(), from: 0, value: scenarioPolicy() },
      {
        kind: 'catalogue',
        key: keys.catalogue(),
        from: 0,
        value: catalogueOf(serviceNames.map((name) => anyService(name))),
      },
    ],
    evidence: [{ ...evidence, leafId: 'policy' }],
  })
  for (const [index, { service, isRollback }] of changes.entries()) {
    const changeId = changeIdOf(index)
    const plan = planOf(index, service, limits, fleet)
    const opened = openedRing(plan, planHash, 'production', undefined, 'token', at)
    const touched = Object.fromEntries(
      Object.keys(opened.hosts).map((hostId) => [
        hostId,
        { step: 'verify' as const, state: 'done' as const, attempt: 1 },
      ]),
    )
    const rings = [{ ...opened, state: 'succeeded' as const, hosts: touched }]
    const ring = isRollback
      ? openRollback({ plan, planHash, ring: 'production', rings, taskToken: 'token', at })
      : opened
    await ledger.commit({
      moves: [
        { kind: 'plan', key: keys.plan(changeId, planHash), from: 0, value: plan },
        approvalMove(changeId, planHash),
        {
          kind: 'change',
          key: keys.change(changeId),
          from: 0,
          value: anyChange({ changeId, service, state: 'in-progress', planHash, ring: 'production' }),
          list: { pk: lists.changes, sk: changeId },
        },
        ...ringMoves(undefined, ring).moves,
      ],
      evidence: [{ ...evidence, leafId: changeId }],
    })
  }
}

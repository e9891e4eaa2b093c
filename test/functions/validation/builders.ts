/** A change that validates its canary ring on a memory ledger, for the tests of this room. */
import * as z from 'zod'
import { Catalogue, type Service } from '../../../functions/catalogue/catalogue.ts'
import type { Policy } from '../../../functions/catalogue/policy.ts'
import type { Change } from '../../../functions/changes/change.ts'
import type { Asset } from '../../../functions/inventory/asset.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Move, RecordKey } from '../../../functions/kit/ledger.ts'
import { isoInstant } from '../../../functions/kit/time.ts'
import { Plan } from '../../../functions/planning/plan.ts'
import type { ProbeResult } from '../../../functions/rollout/ports.ts'
import { Ring } from '../../../functions/rollout/ring.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryMetrics } from '../../../simulator/ports/metric-source.ts'
import { scriptedProber } from '../../../simulator/ports/prober.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'

export const changeId = '01J00000000000000000CHANGE'
export const openedMs = Date.UTC(2026, 10, 23, 12, 0, 0)
export const endedMs = openedMs + 120_000
export const startMs = endedMs + 2_000
export const hosts = {
  dev: ['i-00000001'],
  canary: ['i-00000011', 'i-00000012', 'i-00000013'],
  production: ['i-00000021', 'i-00000022', 'i-00000023', 'i-00000024'],
}
const healthy: ProbeResult = { isHealthy: true, elapsedMs: 5 }

export function anyChange(more: Partial<Change> = {}): Change {
  return {
    changeId,
    service: 'web',
    patchSet: 'os-packages',
    packages: [{ name: 'openssl', fixedVersion: '3.0.8-1' }],
    vulnerabilityIds: ['CVE-2026-0001'],
    state: 'validating',
    class: 'normal',
    priority: 50,
    reasons: ['listed in KEV'],
    needsForensicTriage: false,
    requester: 'drydock',
    planHash: 'a'.repeat(64),
    ring: 'canary',
    ringsDone: ['dev'],
    quarantined: [],
    openedAt: isoInstant(openedMs),
    updatedAt: isoInstant(endedMs),
    ...more,
  }
}

export function anyPolicy(validation: Partial<Policy['validation']> = {}): Policy {
  const quorum = {
    roles: ['security' as const],
    deadlineSeconds: 600,
    remindAfterSeconds: 30,
    escalateAfterSeconds: 60,
    escalateTo: 'executive' as const,
  }
  return {
    risk: {
      tables: ['cisa-bod-26-04'],
      missingVulnrichment: 'sixty-days',
      feedAgeHoursMax: 72,
      ssvcDays: { act: 14, attend: 30, 'track*': 60, immediate: 3, 'out-of-cycle': 14, scheduled: 60 },
    },
    changes: { gatherSeconds: 0, emergencyDueDaysMax: 3 },
    approvals: { normal: quorum, emergency: quorum },
    rollout: {
      concurrencyMax: 5,
      rebootsMax: 2,
      attemptsMax: 3,
      withoutRestorePoint: 'skip',
      retryBaseSeconds: 1,
      stepTimeoutSeconds: {
        precheck: 1,
        'restore-point': 1,
        install: 1,
        reboot: 1,
        verify: 1,
        collect: 1,
        rollback: 1,
      },
      sweepSeconds: 1,
      leaseSeconds: 30,
    },
    validation: { alpha: 0.05, looksMax: 3, lookSeconds: 20, samplePeriodSeconds: 1, samplesMin: 10, ...validation },
    reconcile: { stuckAfterMinutes: 30 },
  }
}

export function anyService(more: Partial<Service> = {}): Service {
  const ring = (name: string, soakSeconds: number) => ({ name, stage: name, soakSeconds, failureBudget: 0 })
  const [service] = Catalogue.parse({
    services: [
      {
        name: 'web',
        title: 'Shop',
        tier: 'mission-critical',
        owner: 'olivia',
        minimumHealthy: 1,
        rings: [ring('dev', 0), { ...ring('canary', 60), isCanary: true }, ring('production', 30)],
        probes: [{ name: 'front', url: 'http://127.0.0.1:9/' }],
        rollbackCriteria: {
          metrics: [{ name: 'ErrorRate', namespace: 'Shop', higherIsWorse: true }],
          probeFailuresMax: 1,
        },
        rtoMinutes: 15,
        rpoMinutes: 60,
      },
    ],
    people: [],
  }).services
  if (!service) throw new Error('the builder made no service')
  return { ...service, ...more }
}

export function anyPlan(): Plan {
  const ringOf = (name: keyof typeof hosts, index: number, soakSeconds: number) => ({
    name,
    index,
    soakSeconds,
    isCanary: name === 'canary',
    failureBudget: 0,
    hosts: hosts[name].map((hostId, order) => ({
      hostId,
      services: ['web'],
      zone: 'a',
      order,
      startSeconds: 0,
      durationSeconds: 60,
    })),
  })
  return Plan.parse({
    schemaVersion: 1,
    changeId,
    service: 'web',
    manifest: { packages: [{ name: 'openssl', version: '3.0.8-1' }], documents: {} },
    rings: [ringOf('dev', 0, 0), ringOf('canary', 1, 60), ringOf('production', 2, 30)],
    limits: [],
    conflicts: [],
    concurrencyMax: 5,
    rebootsMax: 2,
    excluded: [],
    downstream: [],
    rollbackPlan: { rung: 'package-downgrade', previousVersions: {}, author: 'ann', reviewer: 'bob', rtoMinutes: 15 },
    makespanSeconds: 60,
  })
}

/** Parsed by the rollout's own schema, so that what this room reads of it stays true. */
export function anyRing(name: keyof typeof hosts, more: Record<string, unknown> = {}): Ring {
  return Ring.parse({
    changeId,
    name,
    mode: 'patch',
    planHash: 'a'.repeat(64),
    state: 'succeeded',
    openedAt: isoInstant(openedMs),
    endedAt: isoInstant(endedMs),
    failureBudget: 0,
    packagesByHost: {},
    hosts: Object.fromEntries(hosts[name].map((hostId) => [hostId, { step: 'verify', state: 'done', attempt: 1 }])),
    commands: {},
    ...more,
  })
}

export function anyAsset(more: Partial<Asset> = {}): Asset {
  return {
    hostId: 'i-00000011',
    account: '111122223333',
    region: 'eu-west-1',
    services: ['web'],
    stage: 'canary',
    zone: 'a',
    platform: 'amazon-linux',
    agentVersion: '3.3.2746.0',
    isOnline: true,
    isManaged: true,
    packages: {},
    seenAt: isoInstant(endedMs),
    ...more,
  }
}

export interface WorldFacts {
  readonly change?: Partial<Change>
  readonly policy?: Partial<Policy['validation']>
  readonly service?: Partial<Service>
  readonly ring?: Record<string, unknown>
  readonly probe?: (name: string) => ProbeResult
  /** Records left out, by kind. */
  readonly without?: readonly ('plan' | 'ring' | 'catalogue' | 'policy')[]
}

/** Everything a validation of the change's ring needs, at the moment the ring has just ended. */
export async function anyWorld(facts: WorldFacts = {}) {
  const ledger = memoryLedger()
  const clock = fixedClock(startMs)
  const ids = sequentialIds()
  const account = '111122223333'
  const change = anyChange(facts.change)
  const ringName = change.ring === 'production' || change.ring === 'dev' ? change.ring : 'canary'
  const put = async (kind: string, key: RecordKey, value: Json, list?: Move['list']) => {
    const stored = await ledger.read({ kind, schema: z.unknown() }, key)
    const evidence = {
      leafId: ids.next(),
      at: isoInstant(clock.nowMs()),
      type: 'test.made',
      account,
      changeId,
      actor: 'test',
      body: {},
    }
    await ledger.commit({
      moves: [{ kind, key, from: stored?.version ?? 0, value, ...(list ? { list } : {}) }],
      evidence: [evidence],
    })
  }
  const records: Record<string, readonly [RecordKey, Json]> = {
    change: [keys.change(changeId), change],
    plan: [keys.plan(changeId, 'a'.repeat(64)), anyPlan()],
    ring: [keys.ring(changeId, ringName), anyRing(ringName, facts.ring)],
    catalogue: [
      keys.catalogue(),
      { services: [anyService(facts.service)], people: [], conflicts: [], freezes: [], calendars: [] },
    ],
    policy: [keys.policy(), anyPolicy(facts.policy)],
  }
  for (const [kind, [key, value]] of Object.entries(records))
    if (!facts.without?.some((left) => left === kind)) await put(kind, key, value)
  const metrics = memoryMetrics()
  const prober = scriptedProber(facts.probe ?? (() => healthy))
  return { ledger, clock, ids, account, metrics, prober, put }
}

/** One sample a second for every host from an hour before the ring opened until `untilMs`; `sampleOf` decides each. */
export function fillMetrics(
  world: Awaited<ReturnType<typeof anyWorld>>,
  sampleOf: (hostId: string, atMs: number) => number | undefined,
  { fromMs = openedMs - 600_000, untilMs = endedMs + 600_000 } = {},
) {
  for (const hostId of Object.values(hosts).flat())
    for (let atMs = fromMs; atMs < untilMs; atMs += 1_000) {
      const value = sampleOf(hostId, atMs)
      if (value !== undefined)
        world.metrics.put([{ namespace: 'Shop', name: 'ErrorRate', service: 'web', hostId, atMs, value }])
    }
}

/** A value between 0 and 1 that looks random and is the same every time. */
export const noise = (hostId: string, atMs: number) => {
  const mixed = Math.imul(Number.parseInt(hostId.slice(2), 16) + Math.floor(atMs / 1000) * 7919, 0x9e3779b1) >>> 0
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 4294967296
}

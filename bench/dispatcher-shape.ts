/** The rollout that the dispatcher is measured with: services, zones, limits and conflicts, durations as planned and as they turn out. */
import type { Plan } from '../functions/planning/index.ts'
import { type PlanningProblem, schedule } from '../functions/scheduling/index.ts'
import type { Fleet } from '../simulator/fleet/fleet.ts'

export interface ShapeOptions {
  readonly hosts: number
  readonly seed: number
  /** Hosts of a hundred that may be down at once. */
  readonly unavailablePercent: number
}

export const changeId = '01J00000000000000000000001'
export const stepNames = ['precheck', 'restore-point', 'install', 'reboot', 'verify', 'collect', 'rollback']
const documentOf = (step: string) =>
  `Drydock-${step.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase())}`

/** mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

export interface Shape {
  readonly problem: PlanningProblem
  readonly plan: Plan
  /** Seconds of each step on each host, as they will turn out. */
  readonly secondsOf: (hostId: string, step: string) => number
}

const zones = ['a', 'b', 'c'] as const
/** Shares of a host's time; the first two run while it still serves. */
export const shareOf: Readonly<Record<string, number>> = { install: 0.55, reboot: 0.35, verify: 0.1 }
const prepareSeconds: Readonly<Record<string, number>> = { precheck: 5, 'restore-point': 10 }

/** A service over three zones, a tenth of whose hosts serve another one too; conflict pairs; durations of 300 to 900 s, 30 % off. */
export function shapeOf(
  { hosts: count, seed, unavailablePercent }: ShapeOptions,
  fleet: Pick<Fleet, 'documents'>,
): Shape {
  const random = randomOf(seed)
  const hex = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const hosts = Array.from({ length: count }, (_, index) => ({
    id: `i-0${hex()}${hex()}`,
    services: index % 10 === 0 ? ['web', 'cache'] : ['web'],
    zone: zones[index % zones.length] ?? 'a',
    site: 'default',
    ring: 'production',
    durationSeconds: Math.round(300 + 600 * random()),
    bytes: 0,
  }))
  const limits = ['web', 'cache'].map((service) => {
    // The small service may have a larger share down, or its few places alone would set the pace.
    const percent = service === 'web' ? unavailablePercent : 2 * unavailablePercent
    const most = (of: number) => Math.max(1, Math.floor((of * percent) / 100))
    const own = hosts.filter(({ services }) => services.includes(service))
    const inZone = (zone: string) => Math.ceil(most(own.length) / 2) + (own.some((host) => host.zone === zone) ? 0 : 1)
    return {
      service,
      hosts: own.length,
      minimumHealthy: own.length - most(own.length),
      unavailableMax: most(own.length),
      unavailableMaxByZone: Object.fromEntries(zones.map((zone) => [zone, inZone(zone)])),
      dependsOn: [],
    }
  })
  const conflicts = Array.from({ length: Math.floor(count / 100) }, (_, index): [string, string] => [
    hosts[2 * index]?.id ?? '',
    hosts[2 * index + 1]?.id ?? '',
  ])
  const concurrency = Math.max(1, Math.floor((count * unavailablePercent) / 100))
  const problem: PlanningProblem = {
    hosts,
    services: limits.map(({ service, unavailableMax, unavailableMaxByZone }) => ({
      id: service,
      maxUnavailable: unavailableMax,
      maxUnavailablePerZone: unavailableMaxByZone,
      dependsOn: [],
    })),
    conflicts,
    bandwidthBytesPerSecond: {},
    concurrency,
  }
  const planned = schedule(problem)
  if (!('start' in planned)) throw new Error(JSON.stringify(planned))
  const plan = planOf(problem, limits, planned, fleet)
  const plannedSeconds = new Map(hosts.map(({ id, durationSeconds }) => [id, durationSeconds]))
  const secondsOf = (hostId: string, step: string) => {
    const expected = prepareSeconds[step] ?? (plannedSeconds.get(hostId) ?? 600) * (shareOf[step] ?? 0.1)
    return expected * Math.min(2, Math.max(0.3, 1 + 0.3 * normal()))
  }
  return { problem, plan, secondsOf }
}

function planOf(
  { hosts, conflicts, concurrency }: PlanningProblem,
  limits: Plan['limits'],
  planned: { readonly start: Readonly<Record<string, number>>; readonly makespanSeconds: number },
  fleet: Pick<Fleet, 'documents'>,
): Plan {
  const order = hosts.toSorted((one, other) => (planned.start[one.id] ?? 0) - (planned.start[other.id] ?? 0))
  return {
    schemaVersion: 1,
    changeId,
    service: 'web',
    manifest: {
      packages: [{ name: 'snapd', version: '2.63+22.04ubuntu0.1' }],
      documents: Object.fromEntries(
        stepNames.map((step) => {
          const name = documentOf(step)
          return [step, { name, version: '1', hash: fleet.documents.get(name)?.hash ?? '' }]
        }),
      ),
    },
    rings: [
      {
        name: 'production',
        index: 0,
        hosts: order.map(({ id, services, zone, durationSeconds }, index) => ({
          hostId: id,
          account: '123456789012',
          region: 'eu-central-1',
          services,
          zone,
          order: index,
          startSeconds: planned.start[id] ?? 0,
          durationSeconds,
        })),
        soakSeconds: 0,
        isCanary: false,
        failureBudget: hosts.length,
      },
    ],
    limits,
    conflicts,
    concurrencyMax: concurrency,
    rebootsMax: concurrency,
    excluded: [],
    downstream: [],
    rollbackPlan: {
      rung: 'package-downgrade',
      previousVersions: Object.fromEntries(hosts.map(({ id }) => [id, { snapd: '2.58+22.04' }])),
      author: 'drydock',
      reviewer: 'stella',
      rtoMinutes: 60,
    },
    makespanSeconds: planned.makespanSeconds,
  }
}

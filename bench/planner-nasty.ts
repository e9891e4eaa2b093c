/** Problems that are hard on a planner or on its bound, one of each kind; and fleets that fill their windows but for a twentieth. */
import { PlanningProblem } from '../functions/scheduling/index.ts'
import { drawFrom } from './planner-instances.ts'

type Host = PlanningProblem['hosts'][number]
type Service = PlanningProblem['services'][number]

const host = (id: string, services: readonly string[], durationSeconds: number, more: Partial<Host> = {}) => ({
  id,
  services: [...services],
  zone: 'a',
  ring: 'production',
  durationSeconds,
  ...more,
})
const list = <T>(length: number, one: (at: number) => T): T[] => Array.from({ length }, (_, at) => one(at))

/** Every service waits for the one before it; each has `hosts` hosts, some of which may be down at once. */
export function chainOf(services: number, hosts: number, seed = 1): PlanningProblem {
  const { between } = drawFrom(seed)
  return PlanningProblem.parse({
    hosts: list(services * hosts, (at) => host(`h${at}`, [`s${Math.floor(at / hosts)}`], between(60, 1_800))),
    services: list(services, (at) => ({
      id: `s${at}`,
      maxUnavailable: between(1, Math.max(1, Math.floor(hosts / 3))),
      dependsOn: at === 0 ? [] : [`s${at - 1}`],
    })),
    concurrency: 1_000,
  })
}

/** Every service depends on every one before it. */
export function denseOf(services: number, hosts: number, seed = 1): PlanningProblem {
  const chain = chainOf(services, hosts, seed)
  return {
    ...chain,
    services: chain.services.map((one, at) => ({ ...one, dependsOn: list(at, (below) => `s${below}`) })),
  }
}

interface Conflicting {
  readonly hosts: number
  readonly seed?: number
  readonly concurrency?: number
  readonly maxUnavailable?: number
  readonly isApart: (one: number, other: number, unit: () => number) => boolean
}

/** One service, and conflicts between the hosts that the rule tells apart. */
export function conflictsOf({ hosts, seed = 1, concurrency = 10_000, maxUnavailable = 10_000, isApart }: Conflicting) {
  const { between, unit } = drawFrom(seed)
  return PlanningProblem.parse({
    hosts: list(hosts, (at) => host(`h${at}`, ['s'], between(60, 1_800))),
    services: [{ id: 's', maxUnavailable }],
    conflicts: list(hosts, (one) =>
      list(one, (other) => other).flatMap((other) => (isApart(one, other, unit) ? [[`h${other}`, `h${one}`]] : [])),
    ).flat(),
    concurrency,
  })
}

/** Intervals on a line that conflict where they overlap. */
function intervals(hosts: number, seed: number) {
  const { unit } = drawFrom(seed)
  const spans = list(hosts, () => {
    const start = unit()
    return { start, end: start + 0.05 * unit() }
  })
  return conflictsOf({
    hosts,
    seed,
    isApart: (one, other) => {
      const [left, right] = [spans[one], spans[other]]
      return left !== undefined && right !== undefined && left.start < right.end && right.start < left.end
    },
  })
}

export const conflictCases: readonly { readonly name: string; readonly problem: () => PlanningProblem }[] = [
  { name: 'clique of 200', problem: () => conflictsOf({ hosts: 200, isApart: () => true }) },
  {
    name: 'ten parts of 20, all parts in conflict',
    problem: () => conflictsOf({ hosts: 200, isApart: (a, b) => a % 10 !== b % 10 }),
  },
  {
    name: 'ten parts of 20, three of a part at once',
    problem: () => conflictsOf({ hosts: 200, maxUnavailable: 3, isApart: (a, b) => a % 10 !== b % 10 }),
  },
  { name: '400 intervals that overlap', problem: () => intervals(400, 1) },
  {
    name: 'pairs of a primary and its 30 replicas',
    problem: () => conflictsOf({ hosts: 930, isApart: (a, b) => a % 30 === b % 30 && (a < 30 || b < 30) }),
  },
  {
    name: 'cliques of 8 in 1,000 hosts',
    problem: () => conflictsOf({ hosts: 1_000, isApart: (a, b) => a % 125 === b % 125 }),
  },
  {
    name: '1,000 hosts, 40,000 random pairs',
    problem: () => conflictsOf({ hosts: 1_000, isApart: (_, __, unit) => unit() < 0.08 }),
  },
  {
    name: '300 hosts, 40,000 random pairs',
    problem: () => conflictsOf({ hosts: 300, isApart: (_, __, unit) => unit() < 0.89 }),
  },
  { name: '10,000 hosts, 40,000 random pairs', problem: () => sparse(10_000, 40_000, 10_000) },
  { name: '10,000 hosts, 40,000 random pairs, 500 at once', problem: () => sparse(10_000, 40_000, 500) },
]

function sparse(hosts: number, pairs: number, concurrency: number) {
  const { between } = drawFrom(7)
  const problem = conflictsOf({ hosts: 0, isApart: () => false })
  const seen = new Set<string>()
  while (seen.size < pairs) {
    const [one, other] = [between(0, hosts - 1), between(0, hosts - 1)]
    if (one < other) seen.add(`h${one} h${other}`)
  }
  return PlanningProblem.parse({
    ...problem,
    hosts: list(hosts, (at) => host(`h${at}`, ['s'], between(60, 1_800))),
    conflicts: [...seen].map((pair) => pair.split(' ')),
    concurrency,
  })
}

interface Packing {
  readonly seed: number
  readonly services: number
  readonly windows: number
  readonly zones: number
  /**
   * Whether services wait for each other: each in windows of its own, or in its share of the windows of all, so that the
   * first must be done early.
   */
  readonly chain: 'none' | 'own' | 'all'
  /** Most hosts of a place in a window. */
  readonly hostsMax: number
  /** Whether the hosts of one place of each service serve the service before it, too. */
  readonly isShared: boolean
  readonly slackShare: number
}

/** Windows that hosts fill completely, place by place; then each window is longer by the slack. */
export function packingOf(packing: Packing): PlanningProblem {
  const { seed, services, windows, zones, chain, hostsMax, isShared, slackShare } = packing
  const { between } = drawFrom(seed)
  const hosts: ReturnType<typeof host>[] = []
  const length = 14_400
  const windowsFrom = (day: number, count: number) =>
    list(count, (at) => ({
      startSeconds: 86_400 * (day + at),
      endSeconds: 86_400 * (day + at) + Math.ceil(length * (1 + slackShare)),
    }))
  const places = list(services, () => between(1, 4))
  const planned: Omit<Service, 'dependsOn'>[] = list(services, (service) => {
    const own = places[service] ?? 1
    const hasShared = isShared && chain === 'none' && service > 0
    for (let zone = 0; zone < zones; zone++)
      for (let place = 0; place < own * windows; place++)
        for (const durationSeconds of partOf(length, between(1, hostsMax), between)) {
          const ids = hasShared && place < windows ? [`s${service}`, `s${service - 1}`] : [`s${service}`]
          hosts.push(host(`h${hosts.length}`, ids, durationSeconds, { zone: `z${zone}` }))
        }
    // The service behind this one uses a place of it in each zone.
    const all = own + (isShared && chain === 'none' && service < services - 1 ? 1 : 0)
    return {
      id: `s${service}`,
      maxUnavailable: all * zones,
      ...(zones > 1 ? { maxUnavailablePerZone: all } : {}),
      windows:
        chain === 'all'
          ? windowsFrom(0, services * windows)
          : windowsFrom(chain === 'own' ? service * windows : 0, windows),
    }
  })
  return PlanningProblem.parse({
    hosts,
    services: planned.map((one, at) => ({ ...one, dependsOn: chain !== 'none' && at > 0 ? [`s${at - 1}`] : [] })),
    concurrency: 100_000,
  })
}

/** A length cut into `parts`, none under a minute. */
function partOf(length: number, parts: number, between: (least: number, most: number) => number): number[] {
  const cuts = list(parts - 1, () => between(1, Math.floor(length / 60) - 1) * 60)
  const all = [...new Set([0, ...cuts, length])].sort((one, other) => one - other)
  return all.slice(1).map((end, at) => end - (all[at] ?? 0))
}

/** Packings of every shape, with up to three hosts in a place where it is hardest. */
export function anyPacking(seed: number, slackShare: number): PlanningProblem {
  const { between, unit } = drawFrom(seed * 31 + 5)
  return packingOf({
    seed,
    services: between(1, 4),
    windows: between(1, 8),
    zones: unit() < 0.4 ? between(2, 3) : 1,
    chain: unit() < 0.5 ? 'none' : unit() < 0.5 ? 'own' : 'all',
    hostsMax: unit() < 0.5 ? between(2, 4) : between(5, 12),
    isShared: unit() < 0.5,
    slackShare,
  })
}

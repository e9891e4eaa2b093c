/** Small problems in whole seconds, and a solver that says whether any schedule ends by a given second. */
import { createRequire } from 'node:module'
import { PlanningProblem } from '../functions/scheduling/index.ts'

type Host = PlanningProblem['hosts'][number]

/** The mulberry32 generator. */
function drawFrom(seed: number) {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  return (least: number, most: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return least + (((mixed ^ (mixed >>> 14)) >>> 0) % (most - least + 1))
  }
}

/** Up to nine hosts of up to three services with every kind of limit, each in some of the problems. */
export function smallProblem(seed: number): PlanningProblem {
  const draw = drawFrom(seed)
  const services = draw(1, 3)
  const chain = Array.from({ length: services }, (_, index) => (index > 0 && draw(0, 2) === 0 ? [`s${index - 1}`] : []))
  const hosts = Array.from({ length: draw(4, 9) }, (_, index) => {
    const first = draw(0, services - 1)
    const isShared = first > 0 && draw(0, 3) === 0
    return {
      id: `h${index}`,
      services: isShared ? [`s${first - 1}`, `s${first}`] : [`s${first}`],
      zone: `z${draw(0, 1)}`,
      site: 'here',
      ring: 'r',
      durationSeconds: draw(1, 5),
      bytes: draw(0, 2),
    }
  })
  return PlanningProblem.parse({
    hosts,
    services: chain.map((dependsOn, index) => ({
      id: `s${index}`,
      dependsOn,
      maxUnavailable: draw(1, 3),
      ...(draw(0, 3) === 0 ? { maxUnavailablePerZone: 1 } : {}),
      ...(draw(0, 4) === 0
        ? { windows: Array.from({ length: 30 }, (_, at) => ({ startSeconds: at * 9, endSeconds: at * 9 + 6 })) }
        : {}),
    })),
    conflicts:
      draw(0, 1) === 0
        ? [
            ['h0', 'h1'],
            ['h2', 'h3'],
          ]
        : [],
    ...(draw(0, 3) === 0 ? { bandwidthBytesPerSecond: { here: 1 } } : {}),
    ...(draw(0, 4) === 0 ? { rebootsPerSecond: 0.5 } : {}),
    concurrency: draw(2, 5),
  })
}

/** The package's types describe another module format than it has. */
const load: () => Promise<{ solve: (lp: string, options: object) => { Status: string } }> = createRequire(
  import.meta.url,
)('highs')
const solver = load()

/** Whether some schedule with starts in whole seconds ends by then; one binary for each host and start. */
export async function canEndBy(problem: PlanningProblem, seconds: number): Promise<boolean> {
  if (problem.hosts.some((host) => startsOf(problem, host, seconds).length === 0)) return false
  const lp = `Minimize\n obj: 0 ${variable(problem.hosts[0], 0)}\nSubject To\n${rows(problem, seconds)
    .map((row, at) => ` r${at}: ${row.replaceAll(/ (?=[+-] )/g, '\n')}`)
    .join(
      '\n',
    )}\nBinary\n ${problem.hosts.flatMap((host) => startsOf(problem, host, seconds).map((at) => variable(host, at))).join('\n ')}\nEnd\n`
  const { Status } = (await solver).solve(lp, { presolve: 'off' })
  if (Status === 'Optimal') return true
  if (Status === 'Infeasible') return false
  throw new Error(`the solver ended with ${Status}`)
}

const variable = (host: Host | undefined, at: number) => `${host?.id}_${at}`

function startsOf({ services }: PlanningProblem, { services: own, durationSeconds }: Host, seconds: number): number[] {
  const windows = services.flatMap((service) => (own.includes(service.id) && service.windows ? [service.windows] : []))
  return Array.from({ length: Math.max(0, seconds - durationSeconds + 1) }, (_, at) => at).filter((at) =>
    windows.every((list) => list.some((one) => one.startSeconds <= at && at + durationSeconds <= one.endSeconds)),
  )
}

function rows(problem: PlanningProblem, seconds: number): string[] {
  const { hosts, services, conflicts, concurrency, bandwidthBytesPerSecond, rebootsPerSecond } = problem
  const terms = (list: readonly Host[], test: (host: Host, at: number) => boolean) =>
    list.flatMap((host) =>
      startsOf(problem, host, seconds)
        .filter((at) => test(host, at))
        .map((at) => variable(host, at)),
    )
  const sum = (list: readonly string[], rest: string) => (list.length === 0 ? [] : [`${list.join(' + ')} ${rest}`])
  const instants = Array.from({ length: seconds }, (_, at) => at)
  const inWork = (list: readonly Host[], most: number) =>
    instants.flatMap((now) =>
      sum(
        terms(list, ({ durationSeconds }, at) => at <= now && now < at + durationSeconds),
        `<= ${most}`,
      ),
    )
  const zones = [...new Set(hosts.map(({ zone }) => zone))]
  return [
    ...hosts.flatMap((host) =>
      sum(
        terms([host], () => true),
        '= 1',
      ),
    ),
    ...inWork(hosts, concurrency),
    ...services.flatMap(({ id, maxUnavailable, maxUnavailablePerZone: perZone }) => {
      const own = hosts.filter((host) => host.services.includes(id))
      const inZones =
        typeof perZone === 'number'
          ? zones.flatMap((zone) =>
              inWork(
                own.filter((host) => host.zone === zone),
                perZone,
              ),
            )
          : []
      return [...inWork(own, maxUnavailable), ...inZones]
    }),
    ...conflicts.flatMap((pair) =>
      inWork(
        hosts.filter(({ id }) => pair.includes(id)),
        1,
      ),
    ),
    ...(rebootsPerSecond === undefined
      ? []
      : instants.flatMap((now) =>
          sum(
            terms(hosts, (_, at) => at <= now && now < at + 1 / rebootsPerSecond),
            '<= 1',
          ),
        )),
    ...Object.entries(bandwidthBytesPerSecond).flatMap(([, rate]) =>
      instants.flatMap((now) => {
        const started = hosts.flatMap((host) =>
          startsOf(problem, host, seconds)
            .filter((at) => at <= now)
            .map((at) => `${host.bytes} ${variable(host, at)}`),
        )
        return sum(started, `<= ${rate * now}`)
      }),
    ),
    ...orders(problem, seconds),
  ]
}

/** Starts of a service minus starts of what it depends on, at any depth; hosts of both go with the dependency. */
function orders(problem: PlanningProblem, seconds: number): string[] {
  const byId = new Map(problem.services.map((service) => [service.id, service.dependsOn]))
  const below = (id: string): string[] => (byId.get(id) ?? []).flatMap((next) => [next, ...below(next)])
  return problem.services.flatMap(({ id }) =>
    below(id).flatMap((dependency) =>
      problem.hosts
        .filter(({ services }) => services.includes(id) && !services.includes(dependency))
        .flatMap((later) =>
          problem.hosts
            .filter(({ services }) => services.includes(dependency))
            .map((earlier) => {
              const weighed = (host: Host, sign: string) =>
                startsOf(problem, host, seconds).map((at) => `${sign} ${at} ${variable(host, at)}`)
              return `${[...weighed(later, '+'), ...weighed(earlier, '-')].join(' ')} >= ${earlier.durationSeconds}`
            }),
        ),
    ),
  )
}

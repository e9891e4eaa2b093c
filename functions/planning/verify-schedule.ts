/** Checks a schedule against its problem, sharing nothing with the planner that made it. */
import type { PlanningProblem } from './problem.ts'

type Host = PlanningProblem['hosts'][number]
type Service = PlanningProblem['services'][number]

interface Job {
  readonly host: Host
  readonly from: number
  readonly to: number
}

/** Sums of seconds are not exact; a microsecond of overlap is none. */
const toleranceSeconds = 1e-6

/** I2, I3, I13: what the schedule breaks, in words; empty when it holds. */
export function verifySchedule(problem: PlanningProblem, start: Readonly<Record<string, number>>): string[] {
  const jobs = problem.hosts.map((host): Job => {
    const from = Object.hasOwn(start, host.id) ? (start[host.id] ?? Number.NaN) : Number.NaN
    return { host, from, to: from + host.durationSeconds }
  })
  const known = new Set(problem.hosts.map(({ id }) => id))
  return [
    ...Object.keys(start).flatMap((id) => (known.has(id) ? [] : [`${id} is no host of the problem`])),
    ...(known.size === jobs.length ? [] : ['a host stands twice in the problem']),
    ...jobs.flatMap(({ host, from }) => (from >= 0 && Number.isFinite(from) ? [] : [`${host.id} has no start`])),
    ...overCounts(problem, jobs),
    ...problem.conflicts.flatMap(([left, right]) => together(jobs, left, right)),
    ...problem.services.flatMap((service) => [...early(service, problem, jobs), ...outside(service, jobs)]),
    ...overRates(problem, jobs),
  ]
}

/** Walks through starts and ends in time and counts what is in work. */
function overCounts(problem: PlanningProblem, jobs: readonly Job[]): string[] {
  const limits = new Map<string, number>([['', problem.concurrency]])
  for (const { id, maxUnavailable, maxUnavailablePerZone } of problem.services) {
    limits.set(JSON.stringify([id]), maxUnavailable)
    for (const zone of new Set(jobs.map(({ host }) => host.zone))) {
      const most =
        typeof maxUnavailablePerZone === 'object' ? (maxUnavailablePerZone[zone] ?? 0) : maxUnavailablePerZone
      if (most !== undefined) limits.set(JSON.stringify([id, zone]), most)
    }
  }
  const moments = jobs.flatMap(({ host, from, to }) => {
    const groups = new Set([
      '',
      ...host.services.flatMap((id) => [JSON.stringify([id]), JSON.stringify([id, host.zone])]),
    ])
    return [
      { at: from + toleranceSeconds, by: 1, groups },
      { at: to, by: -1, groups },
    ]
  })
  const counts = new Map<string, number>()
  const violations: string[] = []
  for (const { at, by, groups } of moments.sort((left, right) => left.at - right.at || left.by - right.by))
    for (const group of groups) {
      const count = (counts.get(group) ?? 0) + by
      counts.set(group, count)
      const most = limits.get(group)
      if (by === 1 && most !== undefined && count > most)
        violations.push(`${group || 'all'}: ${count} down at ${Math.floor(at)} s, at most ${most}`)
    }
  return violations
}

function together(jobs: readonly Job[], left: string, right: string): string[] {
  const one = jobs.find(({ host }) => host.id === left)
  const other = jobs.find(({ host }) => host.id === right)
  const overlap = one && other ? Math.min(one.to, other.to) - Math.max(one.from, other.from) : 0
  return overlap > toleranceSeconds ? [`${left} and ${right} are in work together`] : []
}

/** No host before everything that its services depend on, directly or not, is done; services on the same host go together. */
function early(service: Service, problem: PlanningProblem, jobs: readonly Job[]): string[] {
  const below = new Set<string>()
  const collect = (ids: readonly string[]) => {
    for (const id of ids) {
      if (below.has(id)) continue
      below.add(id)
      collect(problem.services.find((one) => one.id === id)?.dependsOn ?? [])
    }
  }
  collect(service.dependsOn)
  return [...below].flatMap((dependency) => {
    const own = jobs.filter(({ host }) => host.services.includes(service.id) && !host.services.includes(dependency))
    const firstStart = own.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY)
    const lastEnd = jobs.reduce(
      (most, { host, to }) => (host.services.includes(dependency) ? Math.max(most, to) : most),
      Number.NEGATIVE_INFINITY,
    )
    return firstStart < lastEnd - toleranceSeconds
      ? [`${service.id} starts at ${firstStart} s, before ${dependency} is done at ${lastEnd} s`]
      : []
  })
}

function outside({ id, windows }: Service, jobs: readonly Job[]): string[] {
  if (!windows) return []
  return jobs.flatMap(({ host, from, to }) => {
    const fits = windows.some(
      ({ startSeconds, endSeconds }) => startSeconds <= from + toleranceSeconds && to <= endSeconds + toleranceSeconds,
    )
    return fits || !host.services.includes(id) ? [] : [`${host.id} runs from ${from} to ${to} s, in no window of ${id}`]
  })
}

/** Downloads that cannot be there in time, and reboots that come too fast. */
function overRates({ bandwidthBytesPerSecond, rebootsPerSecond }: PlanningProblem, jobs: readonly Job[]): string[] {
  const violations: string[] = []
  const bytes = new Map<string, number>()
  let last = Number.NEGATIVE_INFINITY
  for (const { host, from } of jobs.toSorted((left, right) => left.from - right.from)) {
    const { site, id } = host
    const sum = (bytes.get(site) ?? 0) + host.bytes
    bytes.set(site, sum)
    const rate = bandwidthBytesPerSecond[site]
    if (rate !== undefined && sum > rate * (from + toleranceSeconds))
      violations.push(`${id} starts at ${from} s, its download is there at ${sum / rate} s`)
    if (rebootsPerSecond !== undefined && from - last < 1 / rebootsPerSecond - toleranceSeconds)
      violations.push(`${id} starts ${from - last} s after another, at least ${1 / rebootsPerSecond} s`)
    last = from
  }
  return violations
}

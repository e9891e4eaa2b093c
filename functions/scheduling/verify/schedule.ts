/** Checks a schedule against its problem, sharing nothing with the planner that made it. */
import type { PlanningProblem } from '../problem.ts'
import { byStart, type Jobs, jobsOf, teamKey, toleranceSeconds } from './jobs.ts'
import { earlyIn } from './order.ts'

/** I2, I3, I13: the limits that the schedule breaks, in words; empty if none. */
export function verifySchedule(problem: PlanningProblem, start: Readonly<Record<string, number>>): string[] {
  const { hosts } = problem
  const from = startsOf(hosts, start)
  const jobs = jobsOf(hosts, from)
  return strangers(hosts, start).concat(
    hosts
      .filter((_, at) => !((from[at] ?? -1) >= 0 && Number.isFinite(from[at])))
      .map(({ id }) => `${id} has no start`),
    overCounts(problem, jobs),
    together(problem, jobs),
    earlyIn(problem, jobs),
    problem.services.flatMap((service) => outside(service, jobs)),
    overBandwidth(problem, jobs),
    overReboots(problem, jobs),
  )
}

/** NaN if the schedule has none; inherited properties do not count. */
function startsOf(hosts: PlanningProblem['hosts'], start: Readonly<Record<string, number>>): Float64Array {
  const from = new Float64Array(hosts.length)
  hosts.forEach(({ id }, at) => {
    const seconds = start[id]
    from[at] = typeof seconds === 'number' ? seconds : Number.NaN
  })
  return from
}

/** Hosts that the schedule names and the problem does not, and whether the problem names one twice. */
function strangers(hosts: PlanningProblem['hosts'], start: Readonly<Record<string, number>>): string[] {
  const known = new Set<string>()
  for (const { id } of hosts) known.add(id)
  const faults: string[] = []
  for (const id of Object.keys(start)) if (!known.has(id)) faults.push(`${id} is not a host of the problem`)
  if (known.size < hosts.length) faults.push('the problem names a host twice')
  return faults
}

/** A limit and the hosts that it counts. */
interface Count {
  readonly name: string
  readonly most: number
  readonly jobs: number[]
}

/** Walks through starts and ends in time and counts what is in work, limit by limit. */
function overCounts(problem: PlanningProblem, { hosts, from, to }: Jobs): string[] {
  const { countsOf, all } = countsBy(problem)
  hosts.forEach((host, job) => {
    for (const { jobs } of countsOf(host)) jobs.push(job)
  })
  return all().flatMap(({ name, most, jobs }) => {
    if (jobs.length <= most) return []
    const starts = sortedOf(from, jobs)
    const ends = sortedOf(to, jobs)
    const violations: string[] = []
    let ended = 0
    starts.forEach((at, before) => {
      while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= at + toleranceSeconds) ended++
      const down = before + 1 - ended
      if (down > most) violations.push(`${name}: ${down} down at ${Math.floor(at)} s, at most ${most}`)
    })
    return violations
  })
}

function sortedOf(seconds: Float64Array, jobs: readonly number[]): Float64Array {
  const sorted = new Float64Array(jobs.length)
  jobs.forEach((job, at) => {
    sorted[at] = seconds[job] ?? 0
  })
  return sorted.sort()
}

/** Which limits a host counts under; hosts of the same services and zone share the list. */
function countsBy({ services, concurrency }: PlanningProblem) {
  const everyone: Count = { name: 'all', most: concurrency, jobs: [] }
  const byId = new Map(services.map((service) => [service.id, service]))
  const counts = new Map<string, Count>()
  const countOf = (name: string, most: number) => {
    const known = counts.get(name) ?? { name, most, jobs: [] }
    counts.set(name, known)
    return known
  }
  const lists = new Map<string, Map<string, readonly Count[]>>()
  const countsOf = ({ services: ids, zone }: PlanningProblem['hosts'][number]): readonly Count[] => {
    const key = teamKey(ids)
    const inZones = lists.get(key) ?? new Map<string, readonly Count[]>()
    lists.set(key, inZones)
    const known = inZones.get(zone)
    if (known) return known
    const own = [...new Set(ids)].flatMap((id) => {
      const { maxUnavailable = 0, maxUnavailablePerZone: perZone } = byId.get(id) ?? {}
      const inZone = typeof perZone === 'object' ? (Object.hasOwn(perZone, zone) ? (perZone[zone] ?? 0) : 0) : perZone
      const service = countOf(JSON.stringify([id]), maxUnavailable)
      return inZone === undefined ? [service] : [service, countOf(JSON.stringify([id, zone]), inZone)]
    })
    const list = [everyone, ...own]
    inZones.set(zone, list)
    return list
  }
  return { countsOf, all: () => [everyone, ...counts.values()] }
}

function together({ conflicts }: PlanningProblem, { hosts, from, to }: Jobs): string[] {
  if (conflicts.length === 0) return []
  const named = new Set(conflicts.flat())
  const numbers = new Map(hosts.flatMap(({ id }, at) => (named.has(id) ? [[id, at] as const] : [])))
  return conflicts.flatMap(([left, right]) => {
    const [one, other] = [numbers.get(left), numbers.get(right)]
    if (one === undefined || other === undefined) return []
    const overlap = Math.min(to[one] ?? 0, to[other] ?? 0) - Math.max(from[one] ?? 0, from[other] ?? 0)
    return overlap > toleranceSeconds ? [`${left} and ${right} are in work together`] : []
  })
}

/** Of the windows that open before a host starts, the one that closes last must hold it. */
function outside({ id, windows }: PlanningProblem['services'][number], { hosts, from, to }: Jobs): string[] {
  if (!windows) return []
  const sorted = windows.toSorted((one, other) => one.startSeconds - other.startSeconds)
  const closes = new Float64Array(sorted.length)
  sorted.forEach(({ endSeconds }, at) => {
    closes[at] = Math.max(endSeconds, closes[at - 1] ?? Number.NEGATIVE_INFINITY)
  })
  const closesAt = (seconds: number) => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sorted[middle]?.startSeconds ?? 0) <= seconds) low = middle + 1
      else high = middle
    }
    return closes[low - 1] ?? Number.NEGATIVE_INFINITY
  }
  return hosts.flatMap((host, at) => {
    if (!host.services.includes(id)) return []
    const [start, end] = [from[at] ?? 0, to[at] ?? 0]
    return end <= closesAt(start + toleranceSeconds) + toleranceSeconds
      ? []
      : [`${host.id} runs from ${start} to ${end} s, outside every window of ${id}`]
  })
}

/**
 * Downloads of a site follow each other in the order of starts, from the beginning on; each must be there when its host
 * starts.
 */
function overBandwidth({ bandwidthBytesPerSecond: rates }: PlanningProblem, jobs: Jobs): string[] {
  if (Object.keys(rates).length === 0) return []
  const violations: string[] = []
  const bytes = new Map<string, number>()
  const { hosts, from } = jobs
  for (const job of byStart(jobs)) {
    const host = hosts[job]
    const rate = host && Object.hasOwn(rates, host.site) ? rates[host.site] : undefined
    if (!host || rate === undefined) continue
    const sum = (bytes.get(host.site) ?? 0) + host.bytes
    bytes.set(host.site, sum)
    const start = from[job] ?? 0
    if (sum > rate * (start + toleranceSeconds))
      violations.push(`${host.id} starts at ${start} s, but its download ends at ${sum / rate} s`)
  }
  return violations
}

function overReboots({ rebootsPerSecond }: PlanningProblem, jobs: Jobs): string[] {
  if (rebootsPerSecond === undefined) return []
  const violations: string[] = []
  let last = Number.NEGATIVE_INFINITY
  const { hosts, from } = jobs
  for (const job of byStart(jobs)) {
    const start = from[job] ?? 0
    if (start - last < 1 / rebootsPerSecond - toleranceSeconds)
      violations.push(`${hosts[job]?.id} starts ${start - last} s after another, at least ${1 / rebootsPerSecond} s`)
    last = start
  }
  return violations
}

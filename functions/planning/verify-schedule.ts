/** Checks a schedule against its problem, sharing nothing with the planner that made it. */
import type { PlanningProblem } from './problem.ts'

/** What the schedule breaks, in words; empty when it holds. */
export function verifySchedule(problem: PlanningProblem, start: Readonly<Record<string, number>>): string[] {
  const violations: string[] = []
  const jobs = problem.hosts.map((host) => ({
    host,
    from: start[host.id] ?? Number.NaN,
    to: (start[host.id] ?? Number.NaN) + host.durationSeconds,
  }))
  for (const { host, from } of jobs) if (!(from >= 0)) violations.push(`${host.id} has no start`)
  for (const instant of new Set(jobs.map(({ from }) => from))) {
    const active = jobs.filter(({ from, to }) => from <= instant && instant < to)
    if (active.length > problem.concurrency)
      violations.push(`${active.length} hosts at ${instant} s, concurrency ${problem.concurrency}`)
    for (const service of problem.services) {
      const own = active.filter(({ host }) => host.services.includes(service.id))
      if (own.length > service.maxUnavailable)
        violations.push(`${service.id}: ${own.length} down at ${instant} s, at most ${service.maxUnavailable}`)
      const perZone = service.maxUnavailablePerZone
      if (perZone !== undefined)
        for (const [zone, group] of Map.groupBy(own, ({ host }) => host.zone))
          if (group.length > perZone)
            violations.push(`${service.id} in ${zone}: ${group.length} down at ${instant} s, at most ${perZone}`)
    }
    for (const [left, right] of problem.conflicts)
      if (active.some(({ host }) => host.id === left) && active.some(({ host }) => host.id === right))
        violations.push(`${left} and ${right} are in work together at ${instant} s`)
  }
  for (const service of problem.services) {
    const own = jobs.filter(({ host }) => host.services.includes(service.id))
    for (const dependency of service.dependsOn) {
      const below = jobs.filter(({ host }) => host.services.includes(dependency) && !host.services.includes(service.id))
      const lastEnd = Math.max(...below.map(({ to }) => to))
      const early = own.find(({ host, from }) => !host.services.includes(dependency) && from < lastEnd)
      if (early)
        violations.push(
          `${early.host.id} of ${service.id} starts at ${early.from} s, before ${dependency} is done at ${lastEnd} s`,
        )
    }
    if (service.windows)
      for (const { host, from, to } of own)
        if (!service.windows.some((window) => window.startSeconds <= from && to <= window.endSeconds))
          violations.push(`${host.id} runs from ${from} to ${to} s, in no window of ${service.id}`)
  }
  return violations
}

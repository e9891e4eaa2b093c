/** The part of the verifier that checks dependencies: no host of a service before everything it depends on is done. */
import type { PlanningProblem } from '../problem.ts'
import { type Jobs, teamKey, toleranceSeconds } from './jobs.ts'

/** Hosts of the same services: when the first of them starts. */
interface Team {
  readonly services: readonly string[]
  firstStart: number
}

interface Standing {
  readonly teams: Team[]
  firstStart: number
  lastEnd: number
}

/** Dependencies at any depth count, also through services without hosts; hosts that serve both sides go with the dependency. */
export function earlyIn({ services }: PlanningProblem, jobs: Jobs): string[] {
  const standing = standingOf(services, jobs)
  const dependsOn = new Map(services.map((service) => [service.id, service.dependsOn]))
  return services.flatMap(({ id }) => {
    const own = standing.get(id)
    if (!own || own.teams.length === 0) return []
    return below(id, dependsOn).flatMap((dependency) => {
      const lastEnd = standing.get(dependency)?.lastEnd ?? Number.NEGATIVE_INFINITY
      if (own.firstStart >= lastEnd - toleranceSeconds) return []
      const firstStart = own.teams.reduce(
        (least, team) => (team.services.includes(dependency) ? least : Math.min(least, team.firstStart)),
        Number.POSITIVE_INFINITY,
      )
      return firstStart < lastEnd - toleranceSeconds
        ? [`${id} starts at ${firstStart} s, before ${dependency} is done at ${lastEnd} s`]
        : []
    })
  })
}

function standingOf(services: PlanningProblem['services'], { hosts, from, to }: Jobs): ReadonlyMap<string, Standing> {
  const standing = new Map(
    services.map(({ id }): [string, Standing] => [
      id,
      { teams: [], firstStart: Number.POSITIVE_INFINITY, lastEnd: Number.NEGATIVE_INFINITY },
    ]),
  )
  const teams = new Map<string, Team>()
  hosts.forEach(({ services: ids }, at) => {
    const key = teamKey(ids)
    let team = teams.get(key)
    if (!team) {
      team = { services: ids, firstStart: Number.POSITIVE_INFINITY }
      teams.set(key, team)
      for (const id of new Set(ids)) standing.get(id)?.teams.push(team)
    }
    const start = from[at] ?? 0
    if (start < team.firstStart) team.firstStart = start
    for (const id of ids) {
      const own = standing.get(id)
      if (!own) continue
      if (start < own.firstStart) own.firstStart = start
      own.lastEnd = Math.max(own.lastEnd, to[at] ?? 0)
    }
  })
  return standing
}

/** Everything that a service depends on, directly or not. */
function below(id: string, dependsOn: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>()
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const one of dependsOn.get(next) ?? []) {
      if (found.has(one)) continue
      found.add(one)
      open.push(one)
    }
  return [...found]
}

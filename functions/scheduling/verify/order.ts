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
  const doneBelow = doneBelowOf(services, standing)
  return services.flatMap(({ id }) => {
    const own = standing.get(id)
    if (!own || own.teams.length === 0) return []
    const mayBeLate = (one: string) =>
      own.firstStart < (doneBelow.get(one) ?? Number.POSITIVE_INFINITY) - toleranceSeconds
    return below(id, dependsOn, mayBeLate).flatMap((dependency) => {
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

/** When the last host below each service ends; without an entry where services depend on each other in a circle. */
function doneBelowOf(
  services: PlanningProblem['services'],
  standing: ReadonlyMap<string, Standing>,
): ReadonlyMap<string, number> {
  const waiting = new Map(services.map(({ id, dependsOn }) => [id, new Set(dependsOn).size]))
  const above = new Map<string, string[]>()
  const latest = new Map<string, number>()
  const ready: string[] = []
  for (const { id, dependsOn } of services) {
    if (dependsOn.length === 0) ready.push(id)
    for (const next of new Set(dependsOn)) {
      const list = above.get(next)
      if (list) list.push(id)
      else above.set(next, [id])
    }
  }
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    const below = latest.get(id) ?? Number.NEGATIVE_INFINITY
    latest.set(id, below)
    const done = Math.max(below, standing.get(id)?.lastEnd ?? Number.NEGATIVE_INFINITY)
    for (const next of above.get(id) ?? []) {
      latest.set(next, Math.max(latest.get(next) ?? Number.NEGATIVE_INFINITY, done))
      const left = (waiting.get(next) ?? 0) - 1
      waiting.set(next, left)
      if (left === 0) ready.push(next)
    }
  }
  return new Map([...latest].filter(([id]) => waiting.get(id) === 0))
}

/** What a service depends on, directly or not; below a service where nothing may be late it does not look. */
function below(
  id: string,
  dependsOn: ReadonlyMap<string, readonly string[]>,
  mayBeLate: (id: string) => boolean,
): string[] {
  const found = new Set<string>()
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!mayBeLate(next)) continue
    for (const one of dependsOn.get(next) ?? []) {
      if (found.has(one)) continue
      found.add(one)
      open.push(one)
    }
  }
  return [...found]
}

import { describe, expect, it } from 'vitest'
import { renderSolution } from '../../cli/render-plan.ts'
import { solveProblem } from '../../cli/solve-problem.ts'
import { canonicalJson } from '../../functions/kit/json.ts'
import { PlanningProblem } from '../../functions/scheduling/index.ts'

const host = (id: string, service: string, more: object = {}) => ({
  id,
  services: [service],
  zone: 'a',
  site: 'north',
  ring: 'production',
  durationSeconds: 600,
  bytes: 1_000,
  ...more,
})
const problem = {
  hosts: [host('web-1', 'web', { dueSeconds: 4_000 }), host('db-1', 'db'), host('db-2', 'db')],
  services: [
    { id: 'web', maxUnavailable: 1, dependsOn: ['db'] },
    {
      id: 'db',
      maxUnavailable: 2,
      maxUnavailablePerZone: 2,
      dependsOn: [],
      windows: [{ startSeconds: 0, endSeconds: 3_000 }],
    },
  ],
  conflicts: [['db-1', 'db-2']],
  bandwidthBytesPerSecond: { north: 1_000 },
  concurrency: 10,
  rebootsPerSecond: 1,
}
const solved = (input: object) => {
  const result = solveProblem(PlanningProblem.parse(input))
  if (!('solution' in result)) throw new Error(canonicalJson(result))
  return result
}

describe('5.2 5.7 drydock plan --problem', () => {
  it('answers start, makespan, bound and no violations', () => {
    expect(solved(problem).solution).toEqual({
      start: { 'db-1': 1, 'db-2': 601, 'web-1': 1_201 },
      makespanSeconds: 1_801,
      lowerBoundSeconds: 1_800,
      violations: [],
    })
  })

  it('I17 answers the same bytes for any order of the lists', () => {
    const turned = { ...problem, hosts: problem.hosts.toReversed(), services: problem.services.toReversed() }
    expect(canonicalJson(solved(turned).solution)).toBe(canonicalJson(solved(problem).solution))
  })

  it('names what makes a problem impossible', () => {
    const services = problem.services.map((service) => ({ ...service, maxUnavailable: 0 }))
    expect(solveProblem(PlanningProblem.parse({ ...problem, services }))).toEqual({
      infeasible: 'minimum healthy lets no host go down',
      names: ['db', 'web'],
    })
  })

  it('draws the schedule as a picture that stands alone', () => {
    expect(solved(problem).svg()).toMatch(/^<svg [\s\S]*prefers-color-scheme[\s\S]*db-1: 1 s to 10 min[\s\S]*<\/svg>$/)
  })

  it('tells people how far a schedule is from the bound', () => {
    expect(renderSolution(solved(problem).solution)).toContain('0.06 % over the lower bound of 1800 s')
  })

  it('takes 8,000 hosts in conflict, with the stack that it has', () => {
    const hosts = Array.from({ length: 8_000 }, (_, index) => host(`h${index}`, 'web'))
    const conflicts = hosts.slice(1).map(({ id }, index) => [`h${index}`, id])
    const services = [{ id: 'web', maxUnavailable: 500, dependsOn: [] }]
    expect(
      solved({ hosts, services, conflicts, bandwidthBytesPerSecond: {}, concurrency: 500 }).solution.makespanSeconds,
    ).toBe(9_600)
  })
})

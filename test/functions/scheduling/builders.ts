/** Small planning problems for the tests of the planner's parts. */
import { modelOf } from '../../../functions/scheduling/model.ts'
import type { Placed } from '../../../functions/scheduling/pass.ts'
import { PlanningProblem } from '../../../functions/scheduling/problem.ts'

export const anyHost = (id: string, services: readonly string[] = ['a'], more: object = {}) => ({
  id,
  services,
  zone: 'z',
  ring: 'r',
  durationSeconds: 100,
  ...more,
})

export const anyService = (id: string, more: object = {}) => ({ id, maxUnavailable: 9, ...more })

export const anyProblemOf = (problem: object): PlanningProblem =>
  PlanningProblem.parse({ hosts: [], services: [anyService('a')], concurrency: 50, ...problem })

export const anyModel = (problem: object) => modelOf(anyProblemOf(problem))

/** Hosts of one service, `h0` and on, that take so many seconds each. */
export const hostsLasting = (...seconds: readonly number[]) =>
  seconds.map((durationSeconds, index) => anyHost(`h${index}`, ['a'], { durationSeconds }))

export const anyPlaced = (starts: readonly number[], makespan = 1_000): Placed => ({
  starts: Float64Array.from(starts),
  makespan,
  doneAt: new Float64Array(),
  openedAt: new Float64Array(),
  missing: [],
})

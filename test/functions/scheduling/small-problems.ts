/** Problems of a few hosts of a hundred seconds each, written in a line. */
import { PlanningProblem } from '../../../functions/scheduling/problem.ts'

export const host = (id: string, services: string[] = ['a'], more: object = {}) => ({
  id,
  services,
  zone: 'z',
  ring: 'r',
  durationSeconds: 100,
  ...more,
})
export const service = (id: string, more: object = {}) => ({ id, maxUnavailable: 9, ...more })
export const problemOf = (problem: object) =>
  PlanningProblem.parse({ hosts: [], services: [service('a')], concurrency: 50, ...problem })

/** A schedule's jobs in time, as the verifier walks through them. */
import type { PlanningProblem } from '../problem.ts'

/** The problem's hosts with the times that the schedule gives them. */
export interface Jobs {
  readonly hosts: PlanningProblem['hosts']
  readonly from: Float64Array
  readonly to: Float64Array
}

/** Sums of seconds are not exact; an overlap of a microsecond does not count. */
export const toleranceSeconds = 1e-6

export function jobsOf(hosts: PlanningProblem['hosts'], from: Float64Array): Jobs {
  const to = new Float64Array(from)
  hosts.forEach(({ durationSeconds }, at) => {
    to[at] = (from[at] ?? Number.NaN) + durationSeconds
  })
  return { hosts, from, to }
}

/** Numbers of the hosts in the order of their starts. */
export const byStart = ({ from }: Jobs): Int32Array =>
  Int32Array.from(from.keys()).sort((one, other) => (from[one] ?? 0) - (from[other] ?? 0) || one - other)

/** Names the services of a host; no single name looks like a list. */
export const teamKey = (ids: readonly string[]): string => (ids.length === 1 ? `=${ids[0]}` : JSON.stringify(ids))

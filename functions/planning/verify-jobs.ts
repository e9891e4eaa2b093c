/** A schedule's jobs in time, as the verifier walks through them. */
import type { PlanningProblem } from './problem.ts'

/** The problem's hosts with the times that the schedule gives them. */
export interface Jobs {
  readonly hosts: PlanningProblem['hosts']
  readonly from: Float64Array
  readonly to: Float64Array
  /** Numbers of the hosts by start, and by end. */
  readonly byStart: Int32Array
  readonly byEnd: Int32Array
}

/** Sums of seconds are not exact; a microsecond of overlap is none. */
export const toleranceSeconds = 1e-6

export function jobsOf(hosts: PlanningProblem['hosts'], from: Float64Array): Jobs {
  const to = from.map((start, at) => start + (hosts[at]?.durationSeconds ?? 0))
  const numbers = Int32Array.from(hosts.keys())
  const by = (times: Float64Array) =>
    numbers.toSorted((one, other) => (times[one] ?? 0) - (times[other] ?? 0) || one - other)
  return { hosts, from, to, byStart: by(from), byEnd: by(to) }
}

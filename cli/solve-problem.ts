/** Solves a planning problem, and makes the document that `drydock plan --problem` prints. */
import { ganttOfSchedule, ganttSvg } from '../functions/planning/index.ts'
import {
  lowerBoundSeconds,
  type PlanningProblem,
  refusalOf,
  schedule,
  verifySchedule,
} from '../functions/scheduling/index.ts'

export interface Solution {
  readonly start: Readonly<Record<string, number>>
  readonly makespanSeconds: number
  readonly lowerBoundSeconds: number
  readonly violations: readonly string[]
}

export type Solved =
  | { readonly solution: Solution; readonly svg: () => string }
  | { readonly infeasible: string; readonly names: readonly string[] }
  | { readonly noPlanFound: string; readonly names: readonly string[] }

/** A schedule with its lower bound in seconds, or why there is none. */
export function solveProblem(problem: PlanningProblem): Solved {
  const refusal = refusalOf(problem)
  if (refusal) return refusal
  const boundSeconds = lowerBoundSeconds(problem)
  const found = schedule(problem, { boundSeconds })
  if (!('start' in found)) return found
  const { start, makespanSeconds } = found
  return {
    // Rounding may put the bound slightly above an optimal schedule.
    solution: {
      start,
      makespanSeconds,
      lowerBoundSeconds: Math.min(boundSeconds, makespanSeconds),
      violations: verifySchedule(problem, start),
    },
    svg: () => ganttSvg(ganttOfSchedule(problem, start), { isFile: true }),
  }
}

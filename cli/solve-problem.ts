/** Solves a planning problem given as text, and makes the document that `drydock plan --problem` prints. */
import { ganttOfSchedule, ganttSvg } from '../functions/planning/index.ts'
import { lowerBoundSeconds, PlanningProblem, schedule, verifySchedule } from '../functions/scheduling/index.ts'

export interface Solution {
  readonly start: Readonly<Record<string, number>>
  readonly makespanSeconds: number
  readonly lowerBoundSeconds: number
  readonly violations: readonly string[]
}

export type Solved =
  | { readonly solution: Solution; readonly svg: () => string }
  | { readonly infeasible: string; readonly names: readonly string[] }
  | { readonly unreadable: string }

/** The most schema mistakes shown. */
const mistakesMax = 5

export function solveProblem(text: string): Solved {
  const json = parsed(text)
  if ('unreadable' in json) return json
  const read = PlanningProblem.safeParse(json.value)
  if (!read.success) {
    const mistakes = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    const more = mistakes.length > mistakesMax ? `; and ${mistakes.length - mistakesMax} more` : ''
    return { unreadable: `${mistakes.slice(0, mistakesMax).join('; ')}${more}` }
  }
  const problem = read.data
  const found = schedule(problem)
  if ('infeasible' in found) return found
  const { start, makespanSeconds } = found
  return {
    // Rounding may put the bound slightly above an optimal schedule.
    solution: {
      start,
      makespanSeconds,
      lowerBoundSeconds: Math.min(lowerBoundSeconds(problem), makespanSeconds),
      violations: verifySchedule(problem, start),
    },
    svg: () => ganttSvg(ganttOfSchedule(problem, start), { isFile: true }),
  }
}

function parsed(text: string): { readonly value: unknown } | { readonly unreadable: string } {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { unreadable: `not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}

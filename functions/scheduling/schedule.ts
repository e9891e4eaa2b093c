/**
 * The planner's entry: refuses impossible problems, searches, and returns only schedules that the verifier has passed.
 */
import { counted } from '../kit/display-text.ts'
import { DrydockError } from '../kit/errors.ts'
import { lowerBoundSeconds } from './bound/lower-bound.ts'
import { proofOf } from './bound/proof.ts'
import { modelOf } from './model.ts'
import { horizonSeconds, type Infeasible, type NoPlanFound, type PlanningProblem, type Schedule } from './problem.ts'
import { refusalOf } from './refusal.ts'
import { search } from './search.ts'
import { verifySchedule } from './verify/schedule.ts'

export interface ScheduleEffort {
  /** Hosts to place in all passes together; at most the problem's number of hosts means a single pass. */
  readonly placementsMax?: number
  /** The problem's lower bound, if already known. */
  readonly boundSeconds?: number
}

/** About two seconds on one core: a hundred passes over 10,000 hosts. */
const placementsMaxDefault = 1_000_000
/** A schedule this close to the bound is good enough. */
const gapShare = 0.0005

/**
 * A schedule that keeps every limit and has passed the verifier; else `infeasible` with the proof that there is none, or
 * `noPlanFound` where the search found none and nothing proves that there is none.
 *
 * The order of the problem's lists does not matter (I17), nor does the speed of the machine: effort is counted in hosts
 * placed.
 *
 * @throws DrydockError DD1603 when the verifier finds a fault in the planner's own work.
 */
export function schedule(problem: PlanningProblem, effort: ScheduleEffort = {}): Schedule {
  const refusal = refusalOf(problem)
  if (refusal) return refusal
  const model = modelOf(problem)
  const placementsMax = effort.placementsMax ?? placementsMaxDefault
  const isSingle = placementsMax < 2 * problem.hosts.length
  const bound = isSingle ? 0 : (effort.boundSeconds ?? lowerBoundSeconds(problem))
  if (bound > horizonSeconds) return unplanned(problem, [])
  const placed = search(model, { placementsMax, targetSeconds: bound * (1 + gapShare) })
  if (placed.missing.length > 0 || placed.makespan > horizonSeconds)
    return unplanned(
      problem,
      placed.missing.map((host) => model.hosts.ids[host] ?? ''),
    )
  const start = Object.fromEntries(model.hosts.ids.map((id, host) => [id, placed.starts[host] ?? 0]))
  return passed(problem, { start, makespanSeconds: placed.makespan })
}

/** A proof that there is no plan, or that none was found for these hosts. */
function unplanned(problem: PlanningProblem, missing: readonly string[]): Infeasible | NoPlanFound {
  const proof = proofOf(problem)
  if (proof) return proof
  if (missing.length === 0) return { noPlanFound: 'every plan that was found ends after 2^33 s', names: [] }
  const bounded = problem.services.flatMap(({ id, windows }) => (windows ? [id] : [])).sort()
  const because =
    bounded.length === 0
      ? 'these hosts wait for each other in every schedule that was tried'
      : `in every schedule that was tried, no window of ${bounded.join(', ')} was left for these hosts; longer or more windows may help`
  return { noPlanFound: because, names: missing.toSorted() }
}

/** Verifies the schedule before it is returned. */
export function passed(problem: PlanningProblem, solution: Extract<Schedule, { start: unknown }>): Schedule {
  const violations = verifySchedule(problem, solution.start)
  if (violations.length === 0) return solution
  throw new DrydockError(
    'DD1603',
    `the planner made a schedule that breaks ${counted(violations.length, 'limit')}, first: ${violations[0]}; nothing was planned`,
  )
}

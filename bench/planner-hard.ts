/** What is hard on a planner: chains, conflicts, depth, and fleets that fill their windows but for a twentieth. */
import { lowerBoundSeconds, type PlanningProblem, schedule, verifySchedule } from '../functions/scheduling/index.ts'
import { anyPacking, chainOf, conflictCases, denseOf } from './planner-nasty.ts'
import type { BenchRow } from './table.ts'

interface HardPlan {
  readonly ratio: number
  /** Bound, plan and check. */
  readonly ms: number
}

function planned(problem: PlanningProblem): HardPlan {
  const startMs = performance.now()
  const boundSeconds = lowerBoundSeconds(problem)
  const found = schedule(problem, { boundSeconds })
  if (!('start' in found)) throw new Error(JSON.stringify(found))
  const [violation] = verifySchedule(problem, found.start)
  if (violation !== undefined) throw new Error(violation)
  return { ratio: found.makespanSeconds / boundSeconds, ms: performance.now() - startMs }
}

const ratioRow = (what: string, ratio: number): BenchRow => ({
  what: `makespan, ${what}: ${ratio.toFixed(5)}`,
  ours: ratio,
  peer: 1,
  unit: 'of the bound',
  against: 'lower bound',
  goalRatioMax: 1.01,
})

/** Services of a chain have as many hosts, and as many of them down at once, as packs worst. */
function chainRows(): BenchRow[] {
  const shapes = [5, 7, 8, 12, 20].flatMap((hosts) => [2, 3, 4].map((down) => ({ hosts, down })))
  const worst = shapes.reduce((most, { hosts, down }) => {
    const chain = chainOf(300, hosts, 3)
    const services = chain.services.map((one) => ({ ...one, maxUnavailable: down }))
    return Math.max(most, planned({ ...chain, services }).ratio)
  }, 0)
  return [
    ratioRow(`chain of 300 services, worst of ${shapes.length} shapes`, worst),
    ratioRow('200 services, each behind all before it', planned(denseOf(200, 10)).ratio),
  ]
}

function depthRow(): BenchRow {
  return {
    what: 'chain of 5,000 services: bound, plan and check',
    ours: planned(chainOf(5_000, 2)).ms / 1_000,
    peer: 3,
    unit: 's',
    against: 'goal',
    goalRatioMax: 1,
  }
}

const packingsCount = 500

function packingRow(): BenchRow {
  let unplanned = 0
  for (let seed = 0; seed < packingsCount; seed++) {
    const problem = anyPacking(seed, 0.05)
    const found = schedule(problem)
    if (!('start' in found)) unplanned++
    else if (verifySchedule(problem, found.start).length > 0) throw new Error(`packing ${seed} breaks a limit`)
  }
  return {
    what: `of ${packingsCount} fleets that fill their windows but for 5 %, without a plan`,
    ours: unplanned,
    peer: 1,
    unit: 'fleets',
    against: 'a plan that is known to exist',
    goalRatioMax: 0,
  }
}

/** One row for each hard thing, with the goal that was set for it. */
export const hardRows = (): BenchRow[] => [
  ...chainRows(),
  ...conflictCases.map(({ name, problem }) => ratioRow(name, planned(problem()).ratio)),
  depthRow(),
  packingRow(),
]

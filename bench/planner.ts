/** The planner against its lower bound, waves with barriers, a solver and a graph library, on seeded fleets. */
import { lowerBoundSeconds, type PlanningProblem, schedule, verifySchedule } from '../functions/scheduling/index.ts'
import { canEndBy, smallProblem } from '../oracles/proved-optimal.ts'
import { hardRows } from './planner-hard.ts'
import { instanceOf, type Variant } from './planner-instances.ts'
import { layersByGraphology, wavesSeconds } from './planner-peers.ts'
import { asMarkdown, type Bench, type BenchRow, median } from './table.ts'

const seeds = Array.from({ length: 15 }, (_, seed) => seed)

interface Solved {
  readonly problem: PlanningProblem
  readonly makespan: number
  readonly bound: number
  readonly ms: number
}

function solve(problem: PlanningProblem, isSingle: boolean): Solved {
  const boundSeconds = lowerBoundSeconds(problem)
  const startMs = performance.now()
  const found = schedule(problem, isSingle ? { placementsMax: 1 } : { boundSeconds })
  const ms = performance.now() - startMs
  if (!('start' in found)) throw new Error(JSON.stringify(found))
  const violations = verifySchedule(problem, found.start)
  if (violations.length > 0) throw new Error(violations[0])
  return { problem, makespan: found.makespanSeconds, bound: boundSeconds, ms }
}

const ratios = (solved: readonly Solved[]) => solved.map(({ makespan, bound }) => makespan / bound)
const geometricMean = (values: readonly number[]) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
const most = (values: readonly number[]) => values.reduce((largest, value) => Math.max(largest, value), 0)

/** Ratios need more digits than the table gives them. */
const overBound = (what: string, ratio: number, goalRatioMax?: number): BenchRow => ({
  what: `${what}: ${ratio.toFixed(5)}`,
  ours: ratio,
  peer: 1,
  unit: 'of the bound',
  against: 'lower bound',
  ...(goalRatioMax === undefined ? {} : { goalRatioMax }),
})

function sizeRows(
  hosts: number,
  variant: Variant,
  isSingle: boolean,
  goals?: { mean: number; worst?: number; ms?: number },
) {
  const solved = seeds.map((seed) => solve(instanceOf(hosts, seed, variant), isSingle))
  const what = `${hosts.toLocaleString('en')} hosts, ${variant}, ${isSingle ? 'one pass' : 'all passes'}`
  const rows = [
    overBound(`makespan, ${what}, mean of ${seeds.length}`, geometricMean(ratios(solved)), goals?.mean),
    overBound(`makespan, ${what}, worst`, most(ratios(solved)), goals?.worst),
  ]
  const ms = median(solved.map((one) => one.ms))
  const time: BenchRow = {
    what: `time, ${what}, checked`,
    ours: ms,
    peer: goals?.ms ?? ms,
    unit: 'ms',
    against: goals?.ms ? 'goal' : 'itself',
    ...(goals?.ms ? { goalRatioMax: 1 } : {}),
  }
  return { solved, rows: [...rows, time] }
}

/** Nights in which some host starts, until the last host ends. */
const nightsUntil = (seconds: number) => Math.ceil(seconds / 86_400)

function windowRows(solved: readonly Solved[]): BenchRow[] {
  const more = solved.map(({ makespan, bound }) => nightsUntil(makespan) - nightsUntil(bound))
  return [
    {
      what: 'windows used beyond the bound, most',
      ours: most(more),
      peer: 1,
      unit: 'windows',
      against: 'goal',
      goalRatioMax: 1,
    },
    {
      what: 'instances that use more windows than the bound',
      ours: more.filter((one) => one > 0).length,
      peer: more.length * 0.2,
      unit: 'instances',
      against: 'a fifth of all',
      goalRatioMax: 1,
    },
  ]
}

function wavesRow(solved: readonly Solved[]): BenchRow {
  const ours = geometricMean(solved.map(({ makespan }) => makespan))
  const peer = geometricMean(solved.map(({ problem }) => wavesSeconds(problem)))
  return {
    what: 'makespan, 10,000 hosts',
    ours,
    peer,
    unit: 's',
    against: 'layer waves with barriers, sorted by duration',
    goalRatioMax: 0.5,
  }
}

function graphRow(): BenchRow {
  const problem = instanceOf(100_000, 1)
  const timed = (work: () => unknown) =>
    Math.min(
      ...[0, 1, 2].map(() => {
        const startMs = performance.now()
        work()
        return performance.now() - startMs
      }),
    )
  return {
    what: 'whole plan of 100,000 hosts, one pass, checked',
    ours: timed(() => schedule(problem, { placementsMax: 1 })),
    peer: timed(() => layersByGraphology(problem)),
    unit: 'ms',
    against: '`graphology` layering the same fleet, graph included',
    goalRatioMax: 0.5,
  }
}

/** Small instances whose schedules are longer than the bound, and how many of these a solver can shorten. */
async function smallRow(): Promise<BenchRow> {
  let sooner = 0
  for (let seed = 0; seed < 300; seed++) {
    const { problem, makespan, bound } = solve(smallProblem(seed), false)
    if (makespan > bound + 1e-6 && (await canEndBy(problem, Math.ceil(makespan - 1e-3) - 1))) sooner++
  }
  return {
    what: 'of 300 small instances, not optimal',
    ours: sooner,
    peer: 1,
    unit: 'instances',
    against: 'bound, else `highs`',
    goalRatioMax: 0,
  }
}

const againstWaves =
  'Where the makespan is within one or two per cent of a bound that nothing can beat, the ratio to waves depends on the fleet; on these fleets, sorted by duration, waves take less than twice as long. A whole plan includes refusals, the pass, and a verifier that shares nothing with it; layering alone enforces no limit.'

const aboutPairs =
  'Random pairs are the case that the bound does not certify: the heaviest clique of a random graph lies far below what any schedule needs, so the ratio there is that of the bound as much as of the plan. Where conflicts are cliques, parts, stars or intervals, bound and plan meet.'

export async function benchPlanner(): Promise<Bench[]> {
  const large = sizeRows(10_000, 'plain', false, { mean: 1.005, worst: 1.02, ms: 3_000 })
  const windows = sizeRows(2_000, 'windows', false)
  const rows = [
    ...sizeRows(100, 'plain', false, { mean: 1.005, worst: 1.02 }).rows,
    ...sizeRows(2_000, 'plain', false, { mean: 1.005, worst: 1.02 }).rows,
    ...sizeRows(10_000, 'plain', true, { mean: 1.015, ms: 50 }).rows,
    ...large.rows,
    ...sizeRows(100_000, 'plain', true, { mean: 1.015, ms: 1_000 }).rows,
    ...(['bandwidth', 'reboots', 'everything'] as const).flatMap((variant) => sizeRows(2_000, variant, false).rows),
    ...windows.rows,
    ...windowRows(windows.solved),
    wavesRow(large.solved),
    graphRow(),
    await smallRow(),
    ...hardRows(),
  ]
  return [{ title: 'Planner', command: 'npm run bench -- planner', rows, notes: [againstWaves, aboutPairs] }]
}

if (import.meta.main) {
  const benches = await benchPlanner()
  process.stdout.write(
    process.argv[2] === '--json' ? `${JSON.stringify(benches)}\n` : benches.map(asMarkdown).join('\n'),
  )
}

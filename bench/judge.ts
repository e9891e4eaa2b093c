/**
 * Canary judge: false alarms, samples until a bad patch is found, and speed. Run: node bench/judge.ts [--runs=1000]
 * [--json]
 */
import { readFileSync } from 'node:fs'
import peer from 'mann-whitney-utest'
import { judgeCanary, mediumEffect, usualSamplesMin } from '../functions/validation/judge.ts'
import { mannWhitney } from '../functions/validation/mann-whitney.ts'
import { normalQuantile, normalTail } from '../functions/validation/normal.ts'
import {
  alpha,
  drawSeries,
  type Experiment,
  looks,
  normalNumbers,
  type Process,
  processes,
  runCanaries,
  samplesMax,
} from './canary-runs.ts'
import { asMarkdown, type Bench, type BenchRow, median } from './table.ts'

const falseAlarmsMax = 2.5
const missesMax = 1
/** Number of samples within which a shift of this many standard deviations must be found. */
const samplesUntilFoundMax = { 1: 26, 2: 13 } as const
type Shift = 1 | 2

const percent = (found: readonly unknown[], is: (one: unknown) => boolean) =>
  (100 * found.filter(is).length) / found.length

const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN

function falseAlarms(runs: number): BenchRow[] {
  const row = (what: string, found: readonly unknown[]): BenchRow => ({
    what: `false alarms, ${found.length.toLocaleString('en')} healthy patches, ${what}`,
    ours: percent(found, (one) => one !== undefined),
    peer: falseAlarmsMax,
    unit: '%',
    against: `goal at alpha ${alpha * 100} %`,
    goalRatioMax: 1,
  })
  const [normal, , , , strongest] = processes
  if (!normal || !strongest) throw new Error('the benchmark has no process of that name')
  const few = Math.ceil(runs / 5)
  return [
    ...processes.map((process, index) => row(process.name, runCanaries({ process, runs, seed: 100 + index }))),
    row('normal, 10 metrics', runCanaries({ process: normal, runs: few, seed: 110, metrics: 10 })),
    row(
      'AR(1), rho 0.5, and their own past of an hour',
      runCanaries({ process: strongest, runs, seed: 111, historyCount: 60 }),
    ),
  ]
}

/**
 * Misses of the best possible test: Neyman and Pearson's, with one look at the end, knowing distribution and rho.
 * An autoregression's mean is known as well as from (n - (n - 2) rho) / (1 + rho) independent samples.
 */
function fewestMisses({ rho }: Process, shift: Shift): number {
  const independent = (samplesMax - (samplesMax - 2) * rho) / (1 + rho)
  return 100 * normalTail(shift * Math.sqrt(independent / 2) - normalQuantile(alpha))
}

function shifts(process: Process, shift: Shift, experiment: Pick<Experiment, 'runs' | 'seed' | 'historyCount'>) {
  const { runs, historyCount } = experiment
  const found = runCanaries({ process, shift, ...experiment })
  const samples = found.filter((count) => count !== undefined).sort((left, right) => left - right)
  const mean = samples.reduce((sum, count) => sum + count, 0) / samples.length
  const what = `shift of ${shift} standard deviation${shift === 1 ? '' : 's'}, ${process.name}${historyCount ? ', peers and an hour of their own past' : ''}`
  const misses = percent(found, (one) => one === undefined)
  const withMisses = [...samples, ...Array.from({ length: runs - samples.length }, () => Number.POSITIVE_INFINITY)]
  const spread = [0.5, 0.9, 0.99].map((share) => {
    const count = quantile(withMisses, share)
    return count === Number.POSITIVE_INFINITY ? 'not in the hour' : String(count)
  })
  const rows: BenchRow[] = [
    {
      what: `${what}: samples a side until found, mean (median ${spread[0]}, 90 % ${spread[1]}, 99 % ${spread[2]})`,
      ours: mean,
      peer: samplesUntilFoundMax[shift],
      unit: '',
      against: 'goal',
      goalRatioMax: 1,
    },
    { what: `${what}: missed in the hour`, ours: misses, peer: missesMax, unit: '%', against: 'goal', goalRatioMax: 1 },
  ]
  if (process.isLognormal || process.rho === 0 || historyCount) return rows
  const best = fewestMisses(process, shift)
  return [
    ...rows,
    { what: `${what}: missed in the hour`, ours: misses, peer: best, unit: '%', against: 'the best possible test' },
  ]
}

/** Medians of both, measured alternately, so that a busy moment slows both. */
function timeByTurns(ours: () => unknown, theirs: () => unknown, { turns, calls }: { turns: number; calls: number }) {
  const microseconds = (work: () => unknown) => {
    const startMs = performance.now()
    for (let call = 0; call < calls; call++) work()
    return ((performance.now() - startMs) * 1000) / calls
  }
  const times = Array.from({ length: turns }, () => [microseconds(ours), microseconds(theirs)] as const)
  return { ours: median(times.map(([time]) => time)), theirs: median(times.map(([, time]) => time)) }
}

function speed(): BenchRow[] {
  const next = normalNumbers(7)
  const process = { name: 'AR(1)', rho: 0.3 }
  const metrics = Array.from({ length: 50 }, (_, index) => ({
    name: `metric ${index}`,
    higherIsWorse: true,
    baseline: drawSeries(next, process, 1440),
    canary: drawSeries(next, process, 1440),
    history: drawSeries(next, process, 1440),
  }))
  const question = { alpha, looksMax: looks, look: looks, samplesMin: usualSamplesMin, effectMin: mediumEffect }
  const withoutPast = metrics.map(({ history: _, ...metric }) => metric)
  const judged = timeByTurns(
    () => judgeCanary({ ...question, metrics: withoutPast }),
    () => judgeCanary({ ...question, metrics }),
    { turns: 31, calls: 1 },
  )
  const [left, right] = [drawSeries(next, process, 60), drawSeries(next, process, 60)]
  const tested = timeByTurns(
    () => mannWhitney(left, right, 'greater'),
    () => peer.test([left, right]),
    { turns: 51, calls: 4_000 },
  )
  const bound = { peer: 30, unit: 'ms', against: 'goal', goalRatioMax: 1 }
  return [
    { what: '50 metrics of 1,440 points against peers', ours: judged.ours / 1000, ...bound },
    { what: '50 metrics of 1,440 points against peers and their own past', ours: judged.theirs / 1000, ...bound },
    {
      what: 'U and p, 60 against 60',
      ours: tested.ours,
      peer: tested.theirs,
      unit: 'µs',
      against: 'mann-whitney-utest 1.0.5, U alone',
      goalRatioMax: 0.2,
    },
  ]
}

interface Reference {
  readonly scipy: string
  readonly cases: readonly {
    readonly baseline: readonly number[]
    readonly canary: readonly number[]
    readonly alternative: 'greater' | 'less'
    readonly p: number
  }[]
}

function agreement(): BenchRow {
  const file = new URL('../test/fixtures/statistics/mann-whitney.json', import.meta.url)
  const { scipy, cases }: Reference = JSON.parse(readFileSync(file, 'utf8'))
  const differences = cases.map(({ baseline, canary, alternative, p }) =>
    Math.abs(mannWhitney(baseline, canary, alternative).p - p),
  )
  return {
    what: `largest difference of p in ${cases.length} reference cases from SciPy ${scipy}`,
    ours: Math.max(...differences) * 1e6,
    peer: 1,
    unit: '1e-6',
    against: 'goal',
    goalRatioMax: 1,
  }
}

const autocorrelated =
  'Where each sample resembles the one before, an hour holds few that say anything new. The goals of 26 and 13 samples and of 99 % within the hour are for independent samples; at rho 0.3 and 0.5 even the best single-look test, which knows the distribution and rho, misses shifts as often as the rows beside it show. The judge has to estimate rho from the same samples and looks twelve times; it gives up finding small shifts before it gives up the limit on false alarms.'

export function benchJudge(runs = 10_000): Bench[] {
  const found = processes.flatMap((process, index) => [
    ...shifts(process, 1, { runs, seed: 200 + index }),
    ...shifts(process, 2, { runs, seed: 300 + index }),
  ])
  const [normal] = processes
  if (!normal) throw new Error('the benchmark has no process of that name')
  found.push(...shifts(normal, 1, { runs, seed: 210, historyCount: 60 }))
  const command = 'npm run bench -- judge'
  return [
    {
      title: 'Canary judge: what it gets wrong',
      command,
      rows: [...falseAlarms(runs), ...found, agreement()],
      notes: [autocorrelated],
    },
    { title: 'Canary judge: speed', command, rows: speed() },
  ]
}

if (import.meta.main) {
  const runs = Number(process.argv.find((word) => word.startsWith('--runs='))?.slice('--runs='.length) ?? 10_000)
  const benches = benchJudge(runs)
  process.stdout.write(
    process.argv.includes('--json') ? `${JSON.stringify(benches)}\n` : benches.map(asMarkdown).join('\n'),
  )
}

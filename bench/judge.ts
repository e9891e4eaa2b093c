/** Canary judge: false alarms, samples until a bad patch is found, and speed. Run: node bench/judge.ts [--runs=1000] [--cell-runs=240] [--cells=TEXT] [--json] */
import { readFileSync } from 'node:fs'
import peer from 'mann-whitney-utest'
import { judgeCanary, mediumEffect, usualSamplesMin } from '../functions/validation/judge.ts'
import { mannWhitney } from '../functions/validation/mann-whitney.ts'
import { alpha, drawSeries, looks, normalNumbers } from './canary-runs.ts'
import { harmRows, healthyRows, howDrawn, howJudged, summaryOfHarm, summaryOfHealthy } from './judge-cells.ts'
import { rowsOfAll } from './judge-jobs.ts'
import { falseAlarmRows, shiftRows } from './judge-series.ts'
import { asMarkdown, type Bench, type BenchRow, median } from './table.ts'

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

/** The least processor time of several turns: what others do on the machine at the same time only adds to it. */
function leastCpuMs(work: () => unknown): number {
  const times = Array.from({ length: 31 }, () => {
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  })
  return Math.min(...times)
}

function speed(): BenchRow[] {
  const next = normalNumbers(7)
  const process = { name: 'AR(1)', rho: 0.3 }
  const side = () => Array.from({ length: 10 }, () => drawSeries(next, process, 1440))
  const metrics = Array.from({ length: 50 }, (_, index) => ({
    name: `metric ${index}`,
    higherIsWorse: true,
    baseline: side(),
    canary: side(),
    history: side(),
  }))
  const question = { alpha, looksMax: looks, look: looks, samplesMin: usualSamplesMin, effectMin: mediumEffect }
  const withPast = leastCpuMs(() => judgeCanary({ ...question, metrics }))
  const withoutPast = leastCpuMs(() =>
    judgeCanary({ ...question, metrics: metrics.map(({ history: _, ...one }) => one) }),
  )
  const [left, right] = [drawSeries(next, process, 60), drawSeries(next, process, 60)]
  const tested = timeByTurns(
    () => mannWhitney(left, right, 'greater'),
    () => peer.test([left, right]),
    { turns: 51, calls: 4_000 },
  )
  const bound = { peer: 60, unit: 'ms', against: 'goal', goalRatioMax: 1 }
  return [
    { what: '50 metrics of 1,440 points, ten hosts a side, CPU', ours: withoutPast, ...bound },
    { what: '50 metrics of 1,440 points, ten hosts a side, and as long a past, CPU', ours: withPast, ...bound },
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

const howTimed =
  'Processor time, the least of 31 turns: what others do on the machine at the same time only adds to it.'

/** Each bench's rows; `cells` keeps those whose name has the text. */
export async function benchJudge({ runs = 1_000, cellRuns = 240, cells = '' } = {}): Promise<Bench[]> {
  const command = 'npm run bench -- judge'
  const planned = [
    {
      title: 'Canary judge: healthy patches, host by host',
      rows: healthyRows(cellRuns),
      notesOf: (rows: readonly BenchRow[]) => [summaryOfHealthy(rows), howDrawn],
    },
    {
      title: 'Canary judge: harm, host by host',
      rows: harmRows(cellRuns),
      notesOf: (rows: readonly BenchRow[]) => [summaryOfHarm(rows), howJudged],
    },
    {
      title: 'Canary judge: one series a side',
      rows: [...falseAlarmRows(runs), ...shiftRows(runs)],
      notesOf: () => [autocorrelated],
    },
  ]
  const kept = planned.map(({ rows, ...bench }) => ({
    ...bench,
    rows: rows.filter(({ name }) => name.includes(cells)),
  }))
  const found = await rowsOfAll(kept.flatMap(({ rows }) => rows))
  const benches: Bench[] = kept.map(({ rows: { length }, title, notesOf }) => {
    const rows = found.splice(0, length).flat()
    return { title, command, rows, notes: rows.length === 0 ? [] : notesOf(rows) }
  })
  if ('speed'.includes(cells))
    benches.push({ title: 'Canary judge: speed', command, rows: [...speed(), agreement()], notes: [howTimed] })
  return benches.filter(({ rows }) => rows.length > 0)
}

const argument = (name: string) => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)

if (import.meta.main) {
  const benches = await benchJudge({
    runs: Number(argument('runs') ?? 1_000),
    cellRuns: Number(argument('cell-runs') ?? 240),
    cells: argument('cells') ?? '',
  })
  process.stdout.write(
    process.argv.includes('--json') ? `${JSON.stringify(benches)}\n` : benches.map(asMarkdown).join('\n'),
  )
}

/** The rows of the judge's benchmark in which each side is one series, whose hosts nobody can tell apart. */

import { normalQuantile, normalTail } from '../functions/validation/normal.ts'
import type { Outcome } from './canary-cells.ts'
import { alpha, type Experiment, type Process, processes, samplesMax, samplesPerLook } from './canary-runs.ts'
import type { PlannedRows } from './judge-jobs.ts'
import type { BenchRow } from './table.ts'

const falseAlarmsMax = 2.5
const missesMax = 1
/** Most samples until a shift of 1 or 2 standard deviations is found. */
const samplesUntilFoundMax = { 1: 26, 2: 13 } as const
type Shift = 1 | 2

const named = (name: string): Process => {
  const found = processes.find((process) => process.name === name)
  if (!found) throw new Error(`no process ${name}`)
  return found
}
const normal = named('normal')
const strongest = named('AR(1), rho 0.5')

const missedShare = (outcomes: readonly Outcome[]) =>
  (100 * outcomes.filter(({ look }) => look === undefined).length) / outcomes.length

const doubt = (percent: number, runs: number) => Math.sqrt((percent * (100 - percent)) / runs).toFixed(1)

const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN

/** False alarms of healthy patches, one series a side. */
export function falseAlarmRows(runs: number): PlannedRows[] {
  const planned = (what: string, experiment: Experiment): PlannedRows => {
    const name = `false alarms, one series a side, ${what}`
    const rowsOf = (outcomes: readonly Outcome[]): BenchRow[] => {
      const failed = 100 - missedShare(outcomes)
      return [
        {
          what: `${name}, ${outcomes.length.toLocaleString('en')} healthy patches (± ${doubt(failed, outcomes.length)})`,
          ours: failed,
          peer: falseAlarmsMax,
          unit: '%',
          against: `goal at alpha ${alpha * 100} %`,
          goalRatioMax: 1,
        },
      ]
    }
    return { name, job: { experiment }, rowsOf }
  }
  const few = Math.ceil(runs / 5)
  return [
    ...processes.map((process, index) => planned(process.name, { process, runs, seed: 100 + index })),
    planned('normal, 10 metrics', { process: normal, runs: few, seed: 110, metrics: 10 }),
    planned('AR(1), rho 0.5, and their own past of an hour', {
      process: strongest,
      runs,
      seed: 111,
      historyCount: 60,
    }),
  ]
}

/**
 * Misses of the best test there is: Neyman and Pearson's, of one look at the end, that knows distribution and rho.
 * An autoregression's mean is known as well as from (n - (n - 2) rho) / (1 + rho) independent samples.
 */
function fewestMisses({ rho }: Process, shift: Shift): number {
  const independent = (samplesMax - (samplesMax - 2) * rho) / (1 + rho)
  return 100 * normalTail(shift * Math.sqrt(independent / 2) - normalQuantile(alpha))
}

/** Samples until a shift is found and how often it is missed, one series a side. */
export const shiftRows = (runs: number): PlannedRows[] => [
  ...processes.flatMap((process, index) => [
    plannedShift({ process, runs, seed: 200 + index }, 1),
    plannedShift({ process, runs, seed: 300 + index }, 2),
  ]),
  plannedShift({ process: normal, runs, seed: 210, historyCount: 60 }, 1),
  plannedShift({ process: normal, runs, seed: 310, historyCount: 60 }, 2),
]

function plannedShift(experiment: Experiment, shift: Shift): PlannedRows {
  const { process, historyCount } = experiment
  const past = historyCount ? ', peers and an hour of their own past' : ''
  const name = `shift of ${shift} standard deviation${shift === 1 ? '' : 's'}, one series a side, ${process.name}${past}`
  return {
    name,
    job: { experiment: { ...experiment, shift } },
    rowsOf: (outcomes) => shiftRowsOf(name, { ...experiment, shift }, outcomes),
  }
}

const infinity = Number.POSITIVE_INFINITY

function shiftRowsOf(
  what: string,
  { process, historyCount, shift }: Experiment & { readonly shift: Shift },
  outcomes: readonly Outcome[],
): BenchRow[] {
  const counts = outcomes.map(({ look = infinity }) => look * samplesPerLook).sort((left, right) => left - right)
  const found = counts.filter((count) => count < infinity)
  const misses = missedShare(outcomes)
  const [half, most, nearlyAll] = [0.5, 0.9, 0.99].map((share) => {
    const count = quantile(counts, share)
    return count === infinity ? 'not in the hour' : String(count)
  })
  const best = process.isLognormal ? '' : `, the best test ${fewestMisses(process, shift).toFixed(1)} %`
  const missed = {
    what: `${what}: missed in the hour (± ${doubt(misses, outcomes.length)})${best}`,
    ours: misses,
    unit: '%',
  }
  const rows: BenchRow[] = [
    {
      what: `${what}: samples a side until found, mean (median ${half}, 90 % ${most}, 99 % ${nearlyAll})`,
      ours: found.reduce((sum, count) => sum + count, 0) / found.length,
      peer: samplesUntilFoundMax[shift],
      unit: '',
      against: 'goal',
      goalRatioMax: 1,
    },
    { ...missed, peer: missesMax, against: 'goal', goalRatioMax: 1 },
  ]
  if (process.isLognormal || process.rho === 0 || historyCount) return rows
  return [...rows, { ...missed, peer: fewestMisses(process, shift), against: 'the best test there is' }]
}

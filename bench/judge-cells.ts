/** The rows of the judge's benchmark in which hosts are told apart: healthy patches and harm, cell by cell. */
import type { Cell, Harm, Outcome } from './canary-cells.ts'
import { alpha, samplesPerLook } from './canary-runs.ts'
import type { PlannedRows } from './judge-jobs.ts'
import type { BenchRow } from './table.ts'

const falseAlarmsMax = 2.5
const notPassedMax = 5

export const howDrawn =
  'Each host has an hour of minutes after the patch and, where a past is named, one before; a look every five minutes, alpha 2 %. Peers have no past, as in a file without `baselineHistory`. Differences between hosts and the wave are in standard deviations of a host’s own samples; counts are 2 a minute unless said. The figure after ± is one standard error of the simulation; zero of n runs means under 3/n with a confidence of 95 %. Inconclusive is what the last look says.'

export const howJudged =
  'The best test knows the distribution, which hosts are hurt, when and by how much, and each host’s own level, and looks once at the end, at the same alpha and on the same draws. Silence has no best test: the bound is the goal.'

type Base = Omit<Cell, 'name' | 'harm'>
const usual: Base = { kind: 'normal', hosts: 10, rho: 0, hostDeviation: 0, hasPast: true }

/** Too little of a past for ranks to tell. */
const few: Base = { ...usual, hosts: 2, peers: 9, hasPeersPast: true, pastMinutes: 4 }

const share = (outcomes: readonly Outcome[], is: (one: Outcome) => boolean) =>
  (100 * outcomes.filter(is).length) / outcomes.length

const doubt = (percent: number, runs: number) => Math.sqrt((percent * (100 - percent)) / runs).toFixed(1)

const healthyCells: readonly Partial<Base>[] = [
  ...[3, 10, 20].flatMap((hosts) => [0, 1, 2].map((hostDeviation) => ({ hosts, hostDeviation }))),
  { rho: 0.3 },
  { rho: 0.5 },
  { rho: 0.7 },
  { rho: 0.7, hostDeviation: 2, hosts: 3 },
  { kind: 'lognormal' },
  { kind: 'lognormal', hostDeviation: 2 },
  { kind: 'lognormal', hostDeviation: 2, hosts: 3, rho: 0.7 },
  { kind: 'counts' },
  { kind: 'counts', hostDeviation: 1 },
  { kind: 'counts', hostDeviation: 2, hosts: 3, rho: 0.7 },
  { kind: 'counts', rate: 0.05 },
  { kind: 'counts', rate: 0.01 },
  { wave: 2, hostDeviation: 1 },
  { wave: 2, hostDeviation: 1, hosts: 3 },
  { wave: 2, hostDeviation: 1, kind: 'lognormal' },
  { wave: 2, hostDeviation: 1, kind: 'counts' },
]

function nameOf(cell: Base): string {
  const { kind, hosts, peers, rho, hostDeviation, hasPast, hasPeersPast, pastMinutes, wave, rate, metrics } = cell
  const past = pastMinutes === undefined ? 'a past' : `a past of ${pastMinutes} minutes`
  return [
    `${kind}${rate === undefined ? '' : ` of ${rate} a minute`}`,
    peers === undefined ? `${hosts} hosts a side` : `${hosts} hosts against ${peers}`,
    ...(hostDeviation > 0 ? [`${hostDeviation} sd between hosts`] : []),
    ...(rho > 0 ? [`AR(1) ${rho}`] : []),
    ...(wave === undefined ? [] : ['a wave of load']),
    ...(metrics === undefined ? [] : [`${metrics} metrics`]),
    hasPast ? (hasPeersPast ? `${past} on both sides` : past) : 'no past',
  ].join(', ')
}

/** False alarms with and without a past, and with one the share that does not end in a pass. */
export function healthyRows(runs: number): PlannedRows[] {
  const cells = [true, false].flatMap((hasPast) => healthyCells.map((cell) => ({ ...usual, ...cell, hasPast })))
  const more: Base[] = [
    { ...usual, hostDeviation: 1, hasPeersPast: true },
    { ...usual, hostDeviation: 1, hasPeersPast: true, wave: 2 },
    { ...usual, hostDeviation: 1, metrics: 5 },
    ...[0, 1].map((hostDeviation) => ({ ...few, hostDeviation })),
    { ...few, hostDeviation: 1, kind: 'lognormal' },
    { ...few, hosts: 3, peers: 3, hostDeviation: 2, rho: 0.7 },
  ]
  return [...cells, ...more].map((cell, index) => {
    const name = nameOf(cell)
    const job = { cell: { ...cell, name }, runs, seed: 5_000 + index }
    return { name: `healthy: ${name}`, job, rowsOf: (outcomes) => healthyRowsOf(name, cell, outcomes) }
  })
}

function healthyRowsOf(name: string, { hasPast }: Base, outcomes: readonly Outcome[]): BenchRow[] {
  const failed = share(outcomes, ({ verdict }) => verdict === 'fail')
  const open = share(outcomes, ({ verdict }) => verdict === 'inconclusive')
  const what = `healthy: ${name}`
  const goal = { unit: '%', goalRatioMax: 1 }
  const alarms: BenchRow = {
    ...goal,
    what: `${what}: failed (± ${doubt(failed, outcomes.length)}), inconclusive ${open.toFixed(1)} %`,
    ours: failed,
    peer: falseAlarmsMax,
    against: `goal at alpha ${alpha * 100} %`,
  }
  if (!hasPast) return [alarms]
  return [
    alarms,
    { ...goal, what: `${what}: no pass within the hour`, ours: failed + open, peer: notPassedMax, against: 'goal' },
  ]
}

interface HarmCell extends Partial<Base> {
  readonly what: string
  readonly harm: Harm
  /** Largest share that may be missed, in per cent; absent: no goal. */
  readonly missedMax?: number
  /** The minute by which it is to be found; the end of the hour if absent. */
  readonly byMinute?: number
  /** The look by which half are to be found. */
  readonly medianLookMax?: number
}

const all = (shift: number, more: Partial<Harm> = {}, hosts = 10): Harm => ({ hosts, shift, ...more })

const harmCells: readonly HarmCell[] = [
  ...[10, 20].flatMap((hosts) =>
    [0, 1, 2].map((hostDeviation) => ({
      what: `1 of ${hosts} hosts +5 sd`,
      hosts,
      hostDeviation,
      harm: all(5, {}, 1),
      missedMax: 1,
      medianLookMax: 3,
    })),
  ),
  {
    what: '1 of 10 hosts from zero to many',
    kind: 'counts',
    rate: 0.01,
    harm: all(100, {}, 1),
    missedMax: 1,
    medianLookMax: 3,
  },
  {
    what: '1 of 20 hosts from zero to many',
    kind: 'counts',
    rate: 0.01,
    hosts: 20,
    harm: all(100, {}, 1),
    missedMax: 1,
    medianLookMax: 3,
  },
  { what: '2 of 10 hosts +5 sd', hostDeviation: 1, harm: all(5, {}, 2) },
  { what: '3 of 10 hosts +1 sd', harm: all(1, {}, 3) },
  { what: 'all hosts +1 sd', harm: all(1), missedMax: 1, byMinute: 25 },
  { what: 'all hosts +2 sd', harm: all(2), missedMax: 1, byMinute: 10 },
  { what: 'all hosts +1 sd', hostDeviation: 1, harm: all(1) },
  { what: 'all hosts +1 sd', hostDeviation: 1, hasPeersPast: true, harm: all(1), missedMax: 1 },
  { what: 'both hosts +2 sd', ...few, harm: all(2, {}, 2) },
  { what: 'both hosts +5 sd', ...few, hostDeviation: 1, harm: all(5, {}, 2), missedMax: 1 },
  { what: 'all hosts +1 sd', hasPast: false, harm: all(1) },
  { what: 'all hosts +1 sd', hasPast: false, hostDeviation: 1, harm: all(1) },
  { what: 'all hosts +5 sd', hasPast: false, hostDeviation: 1, harm: all(5) },
  { what: 'rate times ten', kind: 'counts', rate: 0.01, harm: all(0.09), missedMax: 10, byMinute: 30 },
  { what: 'rate times ten', kind: 'counts', rate: 0.01, hasPast: false, harm: all(0.09), missedMax: 10, byMinute: 30 },
  { what: 'all hosts +5 sd for 5 minutes', harm: all(5, { from: 22, until: 27 }), missedMax: 1 },
  { what: 'all hosts +5 sd for 5 minutes', hasPast: false, harm: all(5, { from: 22, until: 27 }), missedMax: 1 },
  { what: 'all hosts +5 sd in the last 10 minutes', harm: all(5, { from: 50 }), missedMax: 1 },
  { what: 'all hosts +2 sd in the last 10 minutes', harm: all(2, { from: 50 }), missedMax: 1 },
  { what: 'all hosts +5 sd in the last 5 minutes', harm: all(5, { from: 55 }), missedMax: 1 },
  { what: '1 of 10 hosts +5 sd in the last 10 minutes', harm: all(5, { from: 50 }, 1) },
  { what: 'scatter three times as wide', harm: all(0, { scatter: 3 }) },
  { what: 'one sample in twenty +50 sd', harm: all(50, { share: 0.05 }) },
]

const silences: readonly HarmCell[] = [
  { what: 'a host silent for 3 periods', harm: all(0, { isSilence: true, from: 30, until: 33 }, 1) },
  { what: 'half the hosts silent from minute 20', harm: all(0, { isSilence: true, from: 20 }, 5) },
  { what: 'all hosts silent for 5 minutes', harm: all(0, { isSilence: true, from: 22, until: 27 }) },
]

/** What is missed, beside the best test on the same draws; and passes in silence; there may be none. */
export function harmRows(runs: number): PlannedRows[] {
  return [...harmCells.map((cell, index) => missedRows(cell, runs, 7_000 + index)), ...silences.map(silentRow(runs))]
}

function missedRows(harm: HarmCell, runs: number, seed: number): PlannedRows {
  const base = { ...usual, ...harm }
  const name = `${harm.what}, ${nameOf(base)}`
  return {
    name,
    job: { cell: { ...base, name }, runs, seed },
    rowsOf: (outcomes) => missedRowsOf(name, harm, outcomes),
  }
}

function missedRowsOf(
  name: string,
  { missedMax, byMinute = 60, medianLookMax }: HarmCell,
  outcomes: readonly Outcome[],
): BenchRow[] {
  const runs = outcomes.length
  const looked = outcomes.map(({ look }) => look ?? Number.POSITIVE_INFINITY).sort((left, right) => left - right)
  const middle = looked[Math.floor(runs / 2)] ?? Number.POSITIVE_INFINITY
  const missed = share(outcomes, ({ look }) => look === undefined || look * samplesPerLook > byMinute)
  const best = share(outcomes, ({ isFoundByBest }) => !isFoundByBest)
  const open = share(outcomes, ({ verdict }) => verdict === 'inconclusive')
  const row: BenchRow = {
    what: `${name}: not found by minute ${byMinute} (± ${doubt(missed, runs)}), the best test ${best.toFixed(1)} %, inconclusive ${open.toFixed(1)} %`,
    ours: missed,
    peer: missedMax ?? best,
    unit: '%',
    against: missedMax === undefined ? 'no goal; the best test' : 'goal',
    ...(missedMax === undefined ? {} : { goalRatioMax: 1 }),
  }
  if (medianLookMax === undefined) return [row]
  return [
    row,
    {
      what: `${name}: look that finds it, median`,
      ours: middle,
      peer: medianLookMax,
      unit: '',
      against: 'goal',
      goalRatioMax: 1,
    },
  ]
}

const silentRow =
  (runs: number) =>
  ({ what, harm, ...cell }: HarmCell, index: number): PlannedRows => {
    const base = { ...usual, ...cell, harm }
    const name = `${what}, ${nameOf(base)}`
    const rowsOf = (outcomes: readonly Outcome[]): BenchRow[] => [
      {
        what: `${name}: passed, of ${outcomes.length}, inconclusive ${share(outcomes, ({ verdict }) => verdict === 'inconclusive').toFixed(1)} %`,
        ours: share(outcomes, ({ verdict }) => verdict === 'pass'),
        peer: 0.001,
        unit: '%',
        against: 'never',
        goalRatioMax: 1,
      },
    ]
    return { name, job: { cell: { ...base, name }, runs: Math.ceil(runs / 4), seed: 8_000 + index }, rowsOf }
  }

const largest = (rows: readonly BenchRow[]) => Math.max(...rows.map(({ ours }) => ours))

/** The healthy cells in two sentences. */
export function summaryOfHealthy(rows: readonly BenchRow[]): string {
  const failed = rows.filter(({ what }) => what.includes(': failed'))
  const open = rows.filter(({ what }) => what.endsWith('no pass within the hour'))
  return `At most ${largest(failed).toFixed(2)} % of healthy patches failed in any of ${failed.length} cells; with a past, at most ${largest(open).toFixed(2)} % did not end \`pass\` within the hour in any of ${open.length}. What stays inconclusive stands in each row of the log.`
}

/** Harm without a goal that is missed more often than by the best test. */
export function summaryOfHarm(rows: readonly BenchRow[]): string {
  const lost = rows.filter(({ goalRatioMax, ours, peer }) => goalRatioMax === undefined && ours > peer + 1)
  return `No goal is set for ${lost.map(({ what, ours }) => `${what}: ${ours.toFixed(1)} %`).join('; ')}.`
}

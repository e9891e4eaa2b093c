/** How every benchmark reports: rows of ours, peer or bound, and their ratio; as a table or as JSON. */
export interface BenchRow {
  readonly what: string
  readonly ours: number
  readonly peer: number
  readonly unit: string
  /** What the peer or bound is. */
  readonly against: string
  /** The goal for the ratio, ours over peer; absent where none is set. */
  readonly goalRatioMax?: number
}

export interface Bench {
  readonly title: string
  readonly command: string
  readonly rows: readonly BenchRow[]
  /** Notes below the table: why a goal is missed, what a row measures. */
  readonly notes?: readonly string[]
}

const number = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2))

/** Whether the row has a goal and misses it. */
export const isMissed = ({ ours, peer, goalRatioMax }: BenchRow) =>
  goalRatioMax !== undefined && !(ours / peer <= goalRatioMax)

export function asMarkdown({ title, command, rows, notes = [] }: Bench): string {
  const lines = rows.map((row) => {
    const { what, ours, peer, unit, against, goalRatioMax } = row
    const goal = goalRatioMax === undefined ? '' : `${isMissed(row) ? 'NOT met' : 'met'} (<= ${goalRatioMax})`
    const [left, right] = [ours, peer].map((value) => `${number(value)} ${unit}`.trim())
    return `| ${what} | ${left} | ${right} | ${against} | ${peer === 0 ? '' : number(ours / peer)} | ${goal} |`
  })
  return [
    `## ${title}`,
    '',
    `\`${command}\``,
    '',
    '| What | Ours | Peer or bound | Which | Ratio | Goal |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
    ...notes.flatMap((note) => [note, '']),
  ].join('\n')
}

export const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN

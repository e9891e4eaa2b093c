/** How every benchmark reports: rows of ours, peer or bound, and their ratio; as a table or as JSON. */
export interface BenchRow {
  readonly what: string
  readonly ours: number
  readonly peer: number
  readonly unit: string
  /** What the peer or bound is. */
  readonly against: string
  /** The ratio that the issue asks for, ours over peer; absent where none is set. */
  readonly goalRatioMax?: number
}

export interface Bench {
  readonly title: string
  readonly command: string
  /** What a reader should know before the figures: why a goal is not met, what stands in its way. */
  readonly note?: string
  readonly rows: readonly BenchRow[]
}

const number = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2))

export function asMarkdown({ title, command, note, rows }: Bench): string {
  const lines = rows.map(({ what, ours, peer, unit, against, goalRatioMax }) => {
    const ratio = ours / peer
    const goal = goalRatioMax === undefined ? '' : `${ratio <= goalRatioMax ? 'met' : 'NOT met'} (<= ${goalRatioMax})`
    return `| ${what} | ${number(ours)} ${unit} | ${number(peer)} ${unit} | ${against} | ${number(ratio)} | ${goal} |`
  })
  return [
    `## ${title}`,
    '',
    `\`${command}\``,
    '',
    ...(note === undefined ? [] : [note, '']),
    '| What | Ours | Peer or bound | Which | Ratio | Goal |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}

export const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN

/** Decision tables held as data: a CSV of every combination of inputs and its outcome, as CERT/CC publishes them. */
import { parse } from 'csv-parse/browser/esm/sync'
import { DrydockError } from '../kit/errors.ts'

export interface DecisionTable {
  readonly name: string
  /** Version of the outcome column, e.g. `1.0.0`. */
  readonly version: string
  readonly inputs: readonly string[]
  readonly rows: readonly { readonly row: number; readonly values: readonly string[]; readonly outcome: string }[]
}

export type Evaluation =
  | { readonly row: number; readonly outcome: string }
  | { readonly unknown: string; readonly value: string | undefined }

const headPattern = /^(.*?)\s+v(\d+\.\d+\.\d+)/

function column(head: string): { name: string; version: string } {
  const [, name = head, version = 'unversioned'] = headPattern.exec(head) ?? []
  return { name, version }
}

/**
 * Reads a table and proves it complete: every combination of the values seen stands in exactly one row.
 *
 * @throws DrydockError DD1301 when it is not.
 * @see https://github.com/CERTCC/SSVC/tree/main/data/csv
 */
export function readDecisionTable(name: string, csv: string): DecisionTable {
  const [head = [], ...body]: string[][] = parse(csv, { trim: true, skip_empty_lines: true })
  const columns = head.slice(1).map(column)
  const outcome = columns.at(-1)
  if (!outcome || columns.length < 2) throw new DrydockError('DD1301', `table ${name} has no outcome column`)
  const rows = body.map((cells) => ({ row: Number(cells[0]), values: cells.slice(1, -1), outcome: cells.at(-1) ?? '' }))
  const combinations = columns
    .slice(0, -1)
    .reduce((product, _, index) => product * new Set(rows.map(({ values }) => values[index])).size, 1)
  const distinct = new Set(rows.map(({ values }) => values.join('\u0000'))).size
  if (distinct !== rows.length || distinct !== combinations) {
    throw new DrydockError(
      'DD1301',
      `table ${name} has ${rows.length} rows, ${distinct} distinct, for ${combinations} combinations: each must stand exactly once`,
    )
  }
  return { name, version: outcome.version, inputs: columns.slice(0, -1).map((one) => one.name), rows }
}

/** The row that fires, or the first input that the table does not know. */
export function evaluate(table: DecisionTable, inputs: Readonly<Record<string, string>>): Evaluation {
  for (const [index, name] of table.inputs.entries()) {
    const value = inputs[name]
    if (value === undefined || !table.rows.some(({ values }) => values[index] === value))
      return { unknown: name, value }
  }
  const fired = table.rows.find(({ values }) => table.inputs.every((name, index) => values[index] === inputs[name]))
  return fired ? { row: fired.row, outcome: fired.outcome } : { unknown: table.name, value: undefined }
}

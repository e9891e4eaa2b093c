/** Decision tables held as data: every combination of inputs and its outcome. */
import { DrydockError } from '../kit/errors.ts'

/** A decision table as data (SSVC): inputs, and for each combination of their values one row. */
export interface DecisionTable {
  readonly name: string
  /** Version of the outcome column, e.g. `1.0.0`. */
  readonly version: string
  readonly inputs: readonly string[]
  readonly rows: readonly TableRow[]
  /** The row of each combination of values, joined by line feeds. */
  readonly byValues: ReadonlyMap<string, TableRow>
}

export interface TableRow {
  readonly row: number
  readonly values: readonly string[]
  readonly outcome: string
}

export type Evaluation =
  | { readonly row: number; readonly outcome: string }
  /** The first input, in column order, whose value is missing (undefined) or not in the table. */
  | { readonly unknown: string; readonly value: string | undefined }

const versionPattern = /\sv(\d+\.\d+\.\d+)/

function column(head: string): { name: string; version: string } {
  const found = versionPattern.exec(head)
  return { name: head.slice(0, found?.index).trim(), version: found?.[1] ?? 'unversioned' }
}

export const brokenTable = (name: string, what: string, cause?: unknown) =>
  new DrydockError('DD1301', `decision table ${name} ${what}; download the file from its publisher again`, { cause })

/**
 * Makes a table from its cells and proves it complete: every combination of its values is in exactly one row.
 *
 * The first line is the header; the first column numbers the rows, the last is the outcome, those between are the
 * inputs.
 *
 * @throws DrydockError DD1301 when it is not.
 */
export function decisionTable(name: string, [head = [], ...body]: readonly (readonly string[])[]): DecisionTable {
  const columns = head.slice(1).map(column)
  const outcome = columns.at(-1)
  const inputs = columns.slice(0, -1).map((one) => one.name)
  if (!outcome || inputs.length === 0)
    throw brokenTable(name, `has ${head.length} columns, not row, inputs and outcome`)
  if (new Set(inputs).size < inputs.length) throw brokenTable(name, 'names an input twice')
  if (body.some((cells) => cells.some((cell) => cell === '' || cell.includes('\n'))))
    throw brokenTable(name, 'has a cell that is empty or has several lines')
  const rows = body.map((cells) => ({ row: Number(cells[0]), values: cells.slice(1, -1), outcome: cells.at(-1) ?? '' }))
  if (rows.some(({ row }) => !Number.isInteger(row)) || new Set(rows.map(({ row }) => row)).size < rows.length)
    throw brokenTable(name, 'does not number each row once')
  const combinations = inputs.reduce(
    (product, _, index) => product * new Set(rows.map(({ values }) => values[index])).size,
    1,
  )
  const distinct = new Set(rows.map(({ values }) => values.join('\u0000'))).size
  if (rows.length === 0 || distinct !== rows.length || distinct !== combinations)
    throw brokenTable(
      name,
      `has ${rows.length} rows, ${distinct} distinct, for ${combinations} combinations: each must occur exactly once`,
    )
  const byValues = new Map(rows.map((row) => [row.values.join('\n'), row]))
  return { name, version: outcome.version, inputs, rows, byValues }
}

/** The row that fires, or the first unknown input. Inputs that the table does not read are ignored. */
export function evaluate(table: DecisionTable, inputs: Readonly<Record<string, string>>): Evaluation {
  const fired = table.byValues.get(table.inputs.map((name) => inputOf(inputs, name)).join('\n'))
  if (fired) return { row: fired.row, outcome: fired.outcome }
  const at = table.inputs.findIndex((name, index) => {
    const value = inputOf(inputs, name)
    return value === undefined || !table.rows.some(({ values }) => values[index] === value)
  })
  const name = table.inputs[at] ?? table.name
  return { unknown: name, value: inputOf(inputs, name) }
}

const inputOf = (inputs: Readonly<Record<string, string>>, name: string) =>
  Object.hasOwn(inputs, name) ? inputs[name] : undefined

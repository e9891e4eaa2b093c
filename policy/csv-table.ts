/**
 * Decision tables as CERT/CC publishes them, in CSV. A module of its own, because a bundle that decides needs no
 * reader.
 */
import { parse } from 'csv-parse/sync'
import { brokenTable, type DecisionTable, decisionTable } from '../functions/risk/decision-table.ts'

/**
 * The cells of a table in CSV.
 *
 * @throws DrydockError DD1301 when the text is no CSV.
 * @see https://github.com/CERTCC/SSVC/tree/main/data/csv
 */
export function tableCells(name: string, csv: string): string[][] {
  try {
    return parse(csv, { bom: true, trim: true, skip_empty_lines: true })
  } catch (error) {
    throw brokenTable(name, `is not CSV (${error instanceof Error ? error.message : String(error)})`, error)
  }
}

/** @throws DrydockError DD1301 when the text is no CSV, or no complete table. */
export const readDecisionTable = (name: string, csv: string): DecisionTable =>
  decisionTable(name, tableCells(name, csv))

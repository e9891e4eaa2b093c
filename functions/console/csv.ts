/** Tables for spreadsheets: RFC 4180, and no cell that a spreadsheet would run (B8). */
import { shown } from '../kit/display-text.ts'

/** Characters that make a spreadsheet take a cell for a formula, full-width forms included. */
const formulaStart = /^\s*[=+\-@|%＝＋－＠]/u

/** A cell that always opens as text; judged without its hidden characters. */
export function csvCell(value: string): string {
  const clean = shown(value).replace(/\s+/g, ' ').trim()
  return `"${(formulaStart.test(clean) ? `'${clean}` : clean).replaceAll('"', '""')}"`
}

export const csvTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')

/** Tables for spreadsheets: RFC 4180, and no cell that a spreadsheet would run (B8). */
import { shown } from '../kit/display-text.ts'

/** What a spreadsheet takes for a formula when a cell starts with it, full-width forms included. */
const formulaStart = /^\s*[=+\-@|%＝＋－＠]/u

/** A cell that opens as text, whatever it holds: judged by what is left when hidden characters are gone. */
export function csvCell(value: string): string {
  const clean = shown(value).replace(/\s+/g, ' ').trim()
  return `"${(formulaStart.test(clean) ? `'${clean}` : clean).replaceAll('"', '""')}"`
}

export const csvTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')

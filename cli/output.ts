/** How the command speaks: data on stdout, talk on stderr, JSON when asked. */

import { shown, visible } from '../functions/kit/display-text.ts'
import { canonicalJson } from '../functions/kit/json.ts'
import type { ExitCode } from './exit-codes.ts'

/** Ends a verb with an exit code; main.ts turns it into the process's. */
export class Ended extends Error {
  readonly code: ExitCode
  constructor(code: ExitCode, message = '') {
    super(message)
    this.code = code
  }
}

/** Talk, to stderr. */
export function say(line: string): void {
  process.stderr.write(`${visible(line)}\n`)
}

/** Data for people: text of a finding or a comment could hold what a terminal obeys (B6, B7, B10). */
export const print = (text: string): void => printExact(visible(text))

/** Data whose every byte counts. */
export function printExact(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** One JSON document with its schema version. */
export const printJson = (document: Readonly<Record<string, unknown>>) =>
  printExact(canonicalJson(JSON.parse(JSON.stringify({ schemaVersion: 1, ...document }))))

/** A table for people: columns padded to their widest cell, a row a line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map((cell) => shown(cell).replace(/\s+/g, ' ')))
  // Not by spreading: a table may have more rows than a call takes arguments.
  const widths = head.map((_, column) => all.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

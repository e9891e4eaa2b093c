/** How the command speaks: data on stdout, talk on stderr, JSON when asked. */

import { shown, visible } from '../functions/kit/display-text.ts'
import { canonicalJson } from '../functions/kit/json.ts'
import type { ExitCode } from './exit-codes.ts'

/** Ends a verb with an exit code, which main.ts passes to the process. */
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

/**
 * Data for people; made safe, because a finding or a comment could contain terminal control sequences (B6, B7, B10).
 */
export const print = (text: string): void => printExact(visible(text))

/** Data whose every byte counts. */
export function printExact(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** One JSON document with its schema version. */
export const printJson = (document: Readonly<Record<string, unknown>>) =>
  printExact(canonicalJson(JSON.parse(JSON.stringify({ schemaVersion: 1, ...document }))))

/** A table for people: one row per line, columns padded to their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map((cell) => shown(cell).replace(/\s+/g, ' ')))
  // Not by spreading: a table may have more rows than a call may have arguments.
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

/** How the command speaks: data on stdout, talk on stderr, JSON when asked. */
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

export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** One JSON document with its schema version. */
export const printJson = (document: Readonly<Record<string, unknown>>) =>
  print(canonicalJson(JSON.parse(JSON.stringify({ schemaVersion: 1, ...document }))))

/** A table for people: columns padded to their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
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

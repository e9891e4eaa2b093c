/** The JSON values of a text: one, one per line, or concatenated as in stream deliveries. */
import { quoted } from '../finding/index.ts'

export type ReadValue =
  | { readonly value: unknown; readonly at?: string }
  | { readonly problem: string; readonly at?: string; readonly tooMany?: true }

/** @param valuesMax the rest is dropped, and reported as a last problem. */
export function jsonValues(text: string, valuesMax: number): readonly ReadValue[] {
  const whole = parseJson(text)
  if ('value' in whole) return [whole]
  const lines = text.split(/\r?\n/)
  const byLine = isJsonLines(lines) ? linesOf(lines, valuesMax) : undefined
  if (byLine && !byLine.some(isBroken)) return byLine
  const sequence = sequenceOf(text, valuesMax)
  if (sequence.length > 1 && (!byLine || !sequence.some(isBroken))) return sequence
  return byLine ?? [whole]
}

const isBroken = (read: ReadValue) => 'problem' in read && read.tooMany === undefined

/** JSON Lines, if the first non-blank line is a complete JSON object or list. */
function isJsonLines(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== '')?.trim() ?? ''
  return (first.startsWith('{') || first.startsWith('[')) && 'value' in parseJson(first) && lines.length > 1
}

function linesOf(lines: readonly string[], valuesMax: number): ReadValue[] {
  const values: ReadValue[] = []
  for (const [index, line] of lines.slice(0, valuesMax).entries())
    if (line.trim() !== '') values.push({ ...parseJson(line), at: `line ${index + 1}: ` })
  if (lines.length > valuesMax)
    values.push({
      tooMany: true,
      problem: `${lines.length} lines; the first ${valuesMax} were read, split the file`,
    })
  return values
}

const recordSeparator = String.fromCharCode(0x1e)
const between = /[\s,]/

/** Values one after the other, with nothing, blanks, commas or record separators (RFC 7464) between them. */
function sequenceOf(text: string, valuesMax: number): ReadValue[] {
  const values: ReadValue[] = []
  for (let start = 0; start < text.length; ) {
    const at = `value ${values.length + 1}: `
    if (text.charAt(start) === recordSeparator || between.test(text.charAt(start))) {
      start++
      continue
    }
    const end = endOf(text, start)
    if (end === undefined) return [...values, { problem: 'not JSON: an object or list that does not start or end', at }]
    values.push({ ...parseJson(text.slice(start, end)), at })
    if (values.length >= valuesMax)
      return [...values, { tooMany: true, problem: `the first ${valuesMax} values were read, split the file` }]
    start = end
  }
  return values
}

/** The end of the object or list that starts here; undefined if none starts or it does not end. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0
  let isText = false
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index)
    if (isText) {
      if (character === '\\') index++
      else if (character === '"') isText = false
    } else if (character === '"') isText = true
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return index + 1
    if (depth === 0) return undefined
  }
  return undefined
}

export function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    const value: unknown = JSON.parse(text)
    return { value }
  } catch (error) {
    // The parser's own message may quote the text, which may contain anything.
    const where = error instanceof SyntaxError ? quoted(error.message) : 'nested too deep to parse'
    return { problem: isTable(text) ? tableProblem : `not JSON and not JSON Lines: ${where}` }
  }
}

const tableProblem = 'a table of comma-separated values, not JSON: export the findings as JSON'

/** Whether a text begins like Inspector's CSV report. */
function isTable(text: string): boolean {
  const head = text.slice(0, 2_000).split('\n', 1)[0] ?? ''
  return head.split(',').length > 2 && !/[{[]/.test(head)
}

/** Reads a file of findings: JSON, a JSON list, or JSON Lines. */
import { quoted } from '../finding/index.ts'
import type { NormaliseContext, NormalisedItem } from './finish-draft.ts'
import { normaliseDocument } from './normalise.ts'
import { refuse } from './refusals.ts'

const charactersMax = 256 * 1024 * 1024
const linesMax = 100_000

/** The findings of a text, in the order of the file, and a refusal for each thing that is none. Never throws. */
export function importText(text: string, context: NormaliseContext): readonly NormalisedItem[] {
  if (text.length > charactersMax)
    return [refuse('TOO_LARGE', '$', `${text.length} characters; at most ${charactersMax} are read, split the file`)]
  const body = text.replace(/^\ufeff/, '').trim()
  if (body === '') return [refuse('EMPTY', '$', 'an empty file')]
  const whole = parseJson(body)
  if ('value' in whole) return normaliseDocument(whole.value, context)
  const lines = body.split(/\r?\n/)
  if (!isJsonLines(lines)) return [refuse('NOT_JSON', '$', whole.problem)]
  return linesOf(lines, context)
}

/** JSON Lines where the first line that says something is a JSON object or list of its own. */
function isJsonLines(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== '')?.trim() ?? ''
  return (first.startsWith('{') || first.startsWith('[')) && 'value' in parseJson(first)
}

function linesOf(lines: readonly string[], context: NormaliseContext): NormalisedItem[] {
  const items: NormalisedItem[] = []
  for (const [index, line] of lines.slice(0, linesMax).entries()) {
    if (line.trim() === '') continue
    const parsed = parseJson(line)
    const read =
      'value' in parsed ? normaliseDocument(parsed.value, context) : [refuse('NOT_JSON', '$', parsed.problem)]
    for (const item of read) items.push('refused' in item ? { ...item, at: `line ${index + 1}: ${item.at}` } : item)
  }
  if (lines.length > linesMax)
    items.push(refuse('TOO_LARGE', '$', `${lines.length} lines; the first ${linesMax} were read`))
  return items
}

function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    const value: unknown = JSON.parse(text)
    return { value }
  } catch (error) {
    // The parser's own message may quote the text, which may hold anything.
    const where = error instanceof SyntaxError ? quoted(error.message) : 'nested too deep to parse'
    return { problem: `not JSON and not JSON Lines: ${where}` }
  }
}

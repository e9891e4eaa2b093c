/** JSON input of a verb, from a file or stdin, checked before it is used. */
import { readFileSync } from 'node:fs'
import type * as z from 'zod'
import { exitCodes } from './exit-codes.ts'
import { Ended } from './output.ts'

/** The most mistakes of an input that are told. */
const mistakesMax = 20

/**
 * Reads a file, or stdin for `-`, as JSON of a schema.
 *
 * @throws Ended with code 64, naming the places that are wrong, of many the first.
 */
export function readInput<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(parse(file, textOf(file)))
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || 'the input'}: ${message}`)
  const more = lines.length > mistakesMax ? [`${file}: and ${lines.length - mistakesMax} more`] : []
  throw new Ended(exitCodes.usage, [...lines.slice(0, mistakesMax), ...more].join('\n'))
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new Ended(exitCodes.usage, `${file} cannot be read: ${reasonOf(error)}`)
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Ended(exitCodes.usage, `${file} is not JSON (a missing number is null, not NaN): ${reasonOf(error)}`)
  }
}

/** Reads the catalogue and the policy from YAML, with the line of every mistake. */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import { Catalogue } from './catalogue.ts'
import { nearest } from './did-you-mean.ts'
import type { Mistake } from './mistake.ts'
import { catalogueMistakes, policyMistakes } from './mistakes.ts'
import { Policy } from './policy.ts'

/** One mistake in a file, its place (line and column from 1) and a suggestion. */
export interface Problem {
  readonly line: number
  readonly column: number
  readonly path: string
  readonly message: string
  readonly didYouMean?: string
}

/** The value of a file, or every problem with it. */
export type Loaded<T> = { readonly value: T } | { readonly problems: readonly Problem[] }

const textLengthMax = 5_000_000

type Place = { line: number; column: number }

interface ReadYaml {
  readonly data: unknown
  /** The place of a path; with a line within its text, the place of that line if the text is a literal block. */
  readonly at: (path: readonly PropertyKey[], lineWithin?: number) => Place
  readonly problems: Problem[]
}

const faultOf = (message: string, place: Place = { line: 1, column: 1 }): Problem => ({ ...place, path: '', message })

/** The document, its place finder, and its syntax problems. */
function readYaml(text: string): ReadYaml {
  const lineCounter = new LineCounter()
  const nowhere = () => ({ line: 1, column: 1 })
  try {
    const document = parseDocument(text, { lineCounter, strict: true })
    const problems = document.errors.map((error) =>
      faultOf(error.message.split('\n')[0] ?? 'not YAML', {
        line: error.linePos?.[0].line ?? 1,
        column: error.linePos?.[0].col ?? 1,
      }),
    )
    const data = problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 })
    return { data, at: (path, within) => placeWithin(document, lineCounter, path, within), problems }
  } catch (error) {
    // Too many aliases, or nesting deeper than the stack.
    return { data: undefined, at: nowhere, problems: [faultOf(error instanceof Error ? error.message : 'not YAML')] }
  }
}

/** The place of a line of a text, if that is a block that keeps its lines (`ics: |`). */
function placeWithin(
  document: Document,
  lineCounter: LineCounter,
  path: readonly PropertyKey[],
  within?: number,
): Place {
  const node = within === undefined ? undefined : document.getIn(path, true)
  if (within === undefined || !isScalar(node) || node.type !== 'BLOCK_LITERAL' || !node.range)
    return placeOf(document, lineCounter, path)
  return { line: lineCounter.linePos(node.range[0]).line + within, column: 1 }
}

/** The node of a path: the key if there is one, else the nearest node above. */
function placeOf(document: Document, lineCounter: LineCounter, path: readonly PropertyKey[]): Place {
  for (let length = path.length; length >= 0; length--) {
    const parent = length > 0 ? document.getIn(path.slice(0, length - 1), true) : undefined
    const last = path[length - 1]
    const key = isMap(parent)
      ? parent.items.map((pair) => pair.key).find((one) => isScalar(one) && one.value === last)
      : undefined
    const node = key ?? document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) {
      const { line, col } = lineCounter.linePos(node.range[0])
      return { line, column: col }
    }
  }
  return { line: 1, column: 1 }
}

function check<T>(text: string, schema: z.ZodType<T>, meaning: (value: T) => readonly Mistake[]): Loaded<T> {
  if (text.length > textLengthMax)
    return { problems: [faultOf(`the file has ${text.length} characters; at most ${textLengthMax} are read`)] }
  const { data, at, problems } = readYaml(text)
  if (problems.length > 0) return { problems }
  const parsed = schema.safeParse(data)
  const found = parsed.success
    ? meaning(parsed.data)
    : parsed.error.issues.flatMap((issue) => issuesOf(issue, schema, data))
  if (parsed.success && found.length === 0) return { value: parsed.data }
  return {
    problems: found.map(({ path, message, didYouMean, lineWithin }) => ({
      ...at(path, lineWithin),
      path: path.join('.'),
      message,
      ...(didYouMean ? { didYouMean } : {}),
    })),
  }
}

function issuesOf(issue: z.core.$ZodIssue, schema: z.ZodType, data: unknown): Mistake[] {
  if (issue.code === 'invalid_value') return [wordMistake(issue, data)]
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }]
  const known = keysAt(schema, issue.path)
  return issue.keys.map((key) => {
    const didYouMean = nearest(key, known)
    return { path: [...issue.path, key], message: `unknown key "${key}"`, ...(didYouMean ? { didYouMean } : {}) }
  })
}

/** A word that is unknown at its place. */
function wordMistake({ path, message, values }: z.core.$ZodIssueInvalidValue, data: unknown): Mistake {
  const word = path.reduce<unknown>((at, part) => (isRecord(at) ? at[String(part)] : undefined), data)
  const didYouMean = typeof word === 'string' ? nearest(word, values.map(String)) : undefined
  return { path, message, ...(didYouMean ? { didYouMean } : {}) }
}

/** The keys that the schema allows at a path. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  let here = schema
  for (const part of path) here = unwrapped(here, part)
  const shape = shapeOf(here)
  return shape ? Object.keys(shape) : []
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
const definition = (schema: unknown) => (isRecord(schema) && isRecord(schema.def) ? schema.def : undefined)

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  const def = definition(schema)
  if (def && isRecord(def.shape)) return def.shape
  return def && 'innerType' in def ? shapeOf(def.innerType) : undefined
}

function unwrapped(schema: unknown, part: PropertyKey): unknown {
  const def = definition(schema)
  if (!def) return undefined
  if ('innerType' in def) return unwrapped(def.innerType, part)
  if ('element' in def) return def.element
  return isRecord(def.shape) ? def.shape[String(part)] : undefined
}

/**
 * The catalogue from YAML, checked for form and for meaning (names, circles, times, calendars).
 *
 * @param nowMs given, calendars are expanded over 400 days from then on, and what a run would refuse is refused.
 * @returns the value, or every problem with its line and, for misspelt names, the nearest known one.
 */
export const loadCatalogue = (text: string, nowMs?: number): Loaded<Catalogue> =>
  check(text, Catalogue, (catalogue) => catalogueMistakes(catalogue, nowMs))

/** The policy from YAML; unknown keys are refused. */
export const loadPolicy = (text: string): Loaded<Policy> => check(text, Policy, policyMistakes)

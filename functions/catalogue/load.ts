/** Reads the catalogue and the policy from YAML, with the line of every mistake. */
import { Temporal } from 'temporal-polyfill'
import { isNode, LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import { Catalogue } from './catalogue.ts'
import { nearest } from './nearest.ts'
import { Policy } from './policy.ts'

export interface Problem {
  readonly line: number
  readonly column: number
  readonly path: string
  readonly message: string
  readonly didYouMean?: string
}

export type Loaded<T> = { readonly value: T } | { readonly problems: readonly Problem[] }

const textLengthMax = 5_000_000

/** The document, its place finder, and its syntax problems. */
function readYaml(text: string): {
  data: unknown
  at: (path: readonly PropertyKey[]) => { line: number; column: number }
  problems: Problem[]
} {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, strict: true })
  const at = (path: readonly PropertyKey[]) => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) {
        const { line, col } = lineCounter.linePos(node.range[0])
        return { line, column: col }
      }
    }
    return { line: 1, column: 1 }
  }
  const problems = document.errors.map((error) => ({
    line: error.linePos?.[0].line ?? 1,
    column: error.linePos?.[0].col ?? 1,
    path: '',
    message: error.message.split('\n')[0] ?? 'not YAML',
  }))
  return { data: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }), at, problems }
}

function check<T>(
  text: string,
  schema: z.ZodType<T>,
  meaning: (value: T) => readonly { path: readonly PropertyKey[]; message: string; didYouMean?: string }[],
): Loaded<T> {
  if (text.length > textLengthMax)
    return {
      problems: [
        { line: 1, column: 1, path: '', message: `the file has ${text.length} characters; ${textLengthMax} are read` },
      ],
    }
  const { data, at, problems } = readYaml(text)
  if (problems.length > 0) return { problems }
  const parsed = schema.safeParse(data)
  const found = parsed.success ? meaning(parsed.data) : parsed.error.issues.flatMap((issue) => issuesOf(issue, schema))
  if (parsed.success && found.length === 0) return { value: parsed.data }
  return {
    problems: found.map(({ path, message, didYouMean }) => ({
      ...at(path),
      path: path.join('.'),
      message,
      ...(didYouMean ? { didYouMean } : {}),
    })),
  }
}

function issuesOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
): { path: readonly PropertyKey[]; message: string; didYouMean?: string }[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }]
  const known = keysAt(schema, issue.path)
  return issue.keys.map((key) => {
    const didYouMean = nearest(key, known)
    return { path: [...issue.path, key], message: `unknown key "${key}"`, ...(didYouMean ? { didYouMean } : {}) }
  })
}

/** The keys that the schema allows where a path leads. */
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

/** The catalogue, checked for form and for meaning (names, cycles, times). */
export const loadCatalogue = (text: string): Loaded<Catalogue> => check(text, Catalogue, catalogueMistakes)

export const loadPolicy = (text: string): Loaded<Policy> => check(text, Policy, () => [])

type Mistake = { path: readonly PropertyKey[]; message: string; didYouMean?: string }

function catalogueMistakes(catalogue: Catalogue): Mistake[] {
  const names = catalogue.services.map(({ name }) => name)
  const unknown = (path: readonly PropertyKey[], name: string): Mistake[] => {
    if (names.includes(name)) return []
    const didYouMean = nearest(name, names)
    return [{ path, message: `no service "${name}"`, ...(didYouMean ? { didYouMean } : {}) }]
  }
  return [
    ...repeated(names).map((index) => ({
      path: ['services', index, 'name'],
      message: `service "${names[index]}" stands twice`,
    })),
    ...repeated(catalogue.people.map(({ id }) => id)).map((index) => ({
      path: ['people', index, 'id'],
      message: 'this id stands twice',
    })),
    ...repeated(catalogue.people.flatMap(({ email }) => [email.toLowerCase()])).map((index) => ({
      path: ['people', index, 'email'],
      message: 'this address stands twice',
    })),
    ...catalogue.services.flatMap((service, index) => [
      ...service.dependsOn.flatMap((name, position) => unknown(['services', index, 'dependsOn', position], name)),
      ...serviceMistakes(service, index, catalogue),
    ]),
    ...catalogue.freezes.flatMap((freeze, index) => [
      ...freeze.services.flatMap((name, position) => unknown(['freezes', index, 'services', position], name)),
      ...(isAfter(freeze.end, freeze.start)
        ? []
        : [
            {
              path: ['freezes', index, 'end'],
              message: 'the freeze ends before it starts, or one of the instants cannot be read (ISO 8601 with offset)',
            },
          ]),
    ]),
    ...cycleOf(catalogue),
  ]
}

function serviceMistakes(service: Catalogue['services'][number], index: number, catalogue: Catalogue): Mistake[] {
  const people = catalogue.people.map(({ id }) => id)
  const person = (key: 'owner' | 'steward', id: string | undefined): Mistake[] => {
    if (id === undefined || people.includes(id)) return []
    const didYouMean = nearest(id, people)
    return [{ path: ['services', index, key], message: `no person "${id}"`, ...(didYouMean ? { didYouMean } : {}) }]
  }
  return [
    ...person('owner', service.owner),
    ...person('steward', service.steward),
    ...(service.minimumHealthy === '100%'
      ? [
          {
            path: ['services', index, 'minimumHealthy'],
            message: 'minimum healthy 100 % leaves nothing to take down: no patch can ever be installed',
          },
        ]
      : []),
    ...repeated(service.rings.map(({ name }) => name)).map((ring) => ({
      path: ['services', index, 'rings', ring, 'name'],
      message: 'this ring stands twice',
    })),
    ...service.windows.flatMap((window, position) =>
      isTimeZone(window.timeZone)
        ? []
        : [
            {
              path: ['services', index, 'windows', position, 'timeZone'],
              message: `"${window.timeZone}" is no time zone (IANA name, e.g. Europe/Berlin)`,
            },
          ],
    ),
  ]
}

const repeated = (values: readonly string[]) =>
  values.flatMap((value, index) => (values.indexOf(value) === index ? [] : [index]))

function isAfter(left: string, right: string): boolean {
  try {
    return Temporal.Instant.compare(Temporal.Instant.from(left), Temporal.Instant.from(right)) > 0
  } catch {
    return false
  }
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

function cycleOf(catalogue: Catalogue): Mistake[] {
  const cycle = findCycle(new Map(catalogue.services.map(({ name, dependsOn }) => [name, dependsOn])))
  return cycle
    ? [
        {
          path: ['services', catalogue.services.findIndex(({ name }) => name === cycle[0]), 'dependsOn'],
          message: `services depend on each other in a circle: ${cycle.join(' -> ')}`,
        },
      ]
    : []
}

/** A dependency cycle, first name repeated at the end; undefined where there is none. */
export function findCycle(dependsOn: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const settled = new Set<string>()
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (settled.has(name)) return undefined
    for (const next of dependsOn.get(name) ?? []) {
      const cycle = visit(next, [...path, name])
      if (cycle) return cycle
    }
    settled.add(name)
    return undefined
  }
  for (const name of [...dependsOn.keys()].sort()) {
    const cycle = visit(name, [])
    if (cycle) return cycle
  }
  return undefined
}

/** Roles that the policy demands and nobody has. */
export function checkPolicyAgainstCatalogue(policy: Policy, catalogue: Catalogue): Problem[] {
  const roles = new Set(catalogue.people.flatMap((person) => person.roles))
  return Object.entries(policy.approvals).flatMap(([changeClass, quorum]) =>
    quorum === undefined
      ? []
      : [...quorum.roles, quorum.escalateTo]
          .filter((role) => !roles.has(role))
          .map((role) => ({
            line: 1,
            column: 1,
            path: `approvals.${changeClass}`,
            message: `nobody in the catalogue has the role ${role}`,
          })),
  )
}

/**
 * What AWS's published service models refuse: members unknown or missing, wrong types, lengths, ranges, enums, patterns.
 * The models come from botocore by tools/aws-models.py; models.json carries its notice.
 */
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { ownValue, tableOf } from '../../functions/kit/table.ts'

const Shape = z.strictObject({
  type: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  pattern: z.string().optional(),
  enum: z.array(z.string()).optional(),
  members: tableOf(z.string()).optional(),
  required: z.array(z.string()).optional(),
  item: z.string().optional(),
  key: z.string().optional(),
  value: z.string().optional(),
})
type Shape = z.infer<typeof Shape>

const Models = z.strictObject({
  notice: z.string(),
  services: tableOf(
    z.strictObject({
      /** What `x-amz-target` begins with, for services that speak JSON. */
      target: z.string().nullable(),
      /** Names of the shapes of request and answer. */
      operations: tableOf(z.tuple([z.string().nullable(), z.string().nullable()])),
      shapes: tableOf(Shape),
    }),
  ),
})

const { services } = Models.parse(JSON.parse(readFileSync(new URL('models.json', import.meta.url), 'utf8')))
const byName = new Map(Object.entries(services))

export type Side = 'request' | 'answer'

interface Check {
  readonly shapes: Readonly<Record<string, Shape>>
  readonly side: Side
  readonly faults: string[]
}

/** The service that a JSON protocol's `x-amz-target` header means, and the operation. */
export function operationOf(target: string): { readonly service: string; readonly operation: string } | undefined {
  const [prefix, operation] = target.split('.')
  const service = [...byName].find(([, one]) => one.target === prefix)?.[0]
  return service === undefined || operation === undefined ? undefined : { service, operation }
}

/** Whether the models have the operation; one that they lack is added by running tools/aws-models.py. */
export const isModelled = (service: string, operation: string): boolean =>
  Object.hasOwn(byName.get(service)?.operations ?? {}, operation)

/**
 * Each fault as `Operation.path: what is wrong`; none for what AWS's model allows.
 *
 * `service` is the name of the SDK's client package, e.g. `sfn`. Patterns of answers are not checked: AWS's own answers
 * differ from them (`ExecutionElapsedTime` has fractions of a second).
 *
 * @throws Error for an operation that the models lack.
 */
export function faultsOf(service: string, operation: string, value: unknown, side: Side): readonly string[] {
  const model = byName.get(service)
  if (!model || !isModelled(service, operation))
    throw new Error(`no model of ${service}.${operation}: run tools/aws-models.py`)
  const [request, answer] = model.operations[operation] ?? [null, null]
  const name = side === 'request' ? request : answer
  const faults: string[] = []
  if (name !== null) check(name, value, operation, { shapes: model.shapes, side, faults })
  return faults
}

function check(name: string, value: unknown, path: string, context: Check): void {
  const shape = ownValue(context.shapes, name)
  if (shape === undefined || value === undefined || value === null) return
  const judge = judges[shape.type]
  if (judge === undefined) return
  judge(shape, value, path, context)
}

type Judge = (shape: Shape, value: unknown, path: string, context: Check) => void

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const judges: Readonly<Record<string, Judge>> = {
  string(shape, value, path, { side, faults }) {
    if (typeof value !== 'string') return void faults.push(`${path}: ${typeof value}, not text`)
    inRange(shape, value.length, `${path}: length`, faults)
    if (shape.enum && !shape.enum.includes(value)) faults.push(`${path}: ${excerptOf(value)} is none of its values`)
    if (side === 'request' && shape.pattern !== undefined && !patternOf(shape.pattern).test(value))
      faults.push(`${path}: ${excerptOf(value)} does not match ${excerptOf(shape.pattern)}`)
  },
  structure(shape, value, path, context) {
    if (!isMap(value)) return void context.faults.push(`${path}: ${typeof value}, not a structure`)
    for (const one of shape.required ?? [])
      if (value[one] === undefined || value[one] === null) context.faults.push(`${path}.${one}: missing`)
    for (const [member, own] of Object.entries(value)) {
      const known = ownValue(shape.members ?? {}, member)
      if (known !== undefined) check(known, own, `${path}.${member}`, context)
      // The SDK adds its own note to each answer.
      else if (member !== '$metadata') context.faults.push(`${path}.${member}: AWS knows no such member`)
    }
  },
  list(shape, value, path, context) {
    if (!Array.isArray(value)) return void context.faults.push(`${path}: ${typeof value}, not a list`)
    inRange(shape, value.length, `${path}: number of items`, context.faults)
    for (const [index, one] of value.entries()) check(shape.item ?? '', one, `${path}[${index}]`, context)
  },
  map(shape, value, path, context) {
    if (!isMap(value)) return void context.faults.push(`${path}: ${typeof value}, not a map`)
    inRange(shape, Object.keys(value).length, `${path}: number of entries`, context.faults)
    for (const [key, own] of Object.entries(value)) {
      check(shape.key ?? '', key, `${path} key`, context)
      check(shape.value ?? '', own, `${path}.${key}`, context)
    }
  },
  integer: number,
  long: number,
  double: number,
  float: number,
  boolean(_, value, path, { faults }) {
    if (typeof value !== 'boolean') faults.push(`${path}: ${typeof value}, not true or false`)
  },
}

function number(shape: Shape, value: unknown, path: string, { faults }: Check) {
  if (typeof value !== 'number') return void faults.push(`${path}: ${typeof value}, not a number`)
  inRange(shape, value, `${path}:`, faults)
}

function inRange({ min, max }: Shape, value: number, what: string, faults: string[]) {
  if (min !== undefined && value < min) faults.push(`${what} ${value}, the least is ${min}`)
  if (max !== undefined && value > max) faults.push(`${what} ${value}, the most is ${max}`)
}

const excerptOf = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text)

const patterns = new Map<string, RegExp>()

/** AWS's patterns are Java's; each of those in use compiles, in Unicode mode or without it. */
function patternOf(source: string): RegExp {
  const known = patterns.get(source)
  if (known) return known
  const pattern = compiled(source)
  patterns.set(source, pattern)
  return pattern
}

function compiled(source: string): RegExp {
  try {
    return new RegExp(source, 'u')
  } catch {
    return new RegExp(source)
  }
}

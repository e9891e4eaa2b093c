/** What AWS's own model of the SSM API says of a value: types, members, lengths, words and patterns. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

const Shape = z.object({
  type: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  pattern: z.string().optional(),
  enum: z.array(z.string()).optional(),
  required: z.array(z.string()).optional(),
  get member() {
    return Shape.optional()
  },
  get value() {
    return Shape.optional()
  },
  get members() {
    return z.record(z.string(), Shape).optional()
  },
})
type Shape = z.infer<typeof Shape>

const model = z
  .object({ source: z.string(), shapes: z.record(z.string(), Shape) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/ssm/model.json', import.meta.url), 'utf8')))

/** The faults of a value by the named shape; empty when AWS would take it. */
export function modelFaults(name: string, value: unknown): string[] {
  const shape = model.shapes[name]
  return shape ? faultsOf(name, shape, value) : [`${name} is not in the model`]
}

function faultsOf(at: string, shape: Shape, value: unknown): string[] {
  if (typeof value === 'string') return textFaults(at, shape, value)
  if (Array.isArray(value))
    return [
      ...sizeFaults(at, shape, value.length),
      ...value.flatMap((one) => (shape.member ? faultsOf(`${at}[]`, shape.member, one) : [])),
    ]
  if (typeof value !== 'object' || value === null) return sizeFaults(at, shape, Number(value))
  const { members, value: each } = shape
  const missing = (shape.required ?? [])
    .filter((one) => !Object.hasOwn(value, one))
    .map((one) => `${at}.${one}: missing`)
  return [
    ...missing,
    ...Object.entries(value).flatMap(([key, one]) => {
      const next = members ? members[key] : each
      return next ? faultsOf(`${at}.${key}`, next, one) : [`${at}.${key}: AWS knows no such member`]
    }),
  ]
}

const textFaults = (at: string, shape: Shape, value: string): string[] => [
  ...(shape.type === 'string' || shape.type === 'timestamp' ? [] : [`${at}: a text where AWS expects ${shape.type}`]),
  ...sizeFaults(at, shape, value.length),
  ...(shape.pattern === undefined || new RegExp(shape.pattern).test(value) ? [] : [`${at}: not ${shape.pattern}`]),
  ...(shape.enum === undefined || shape.enum.includes(value) ? [] : [`${at}: none of ${shape.enum.join(', ')}`]),
]

const sizeFaults = (at: string, { min = 0, max = Number.POSITIVE_INFINITY }: Shape, size: number): string[] =>
  size < min || size > max ? [`${at}: ${size} is not between ${min} and ${max}`] : []

/** Templates with JSONata in them, as the states of a machine carry them. */
import jsonata from 'jsonata'
import { AslFailure } from './asl-errors.ts'

/** What a state's expressions see as `$states`. */
export interface Scope {
  readonly input: unknown
  readonly result?: unknown
  readonly errorOutput?: unknown
  readonly token?: string
}

/** What `Assign` has left so far. */
export type Variables = Readonly<Record<string, unknown>>

/** The value of a template: every `{% expression %}` in it evaluated.
 *
 * @throws AslFailure States.QueryEvaluationError for an expression that fails or yields nothing.
 */
export async function evaluate(template: unknown, scope: Scope, variables: Variables): Promise<unknown> {
  if (typeof template === 'string') {
    const expression = /^\{%([\s\S]*)%\}$/.exec(template)?.[1]
    return expression === undefined ? template : evaluateExpression(expression.trim(), scope, variables)
  }
  if (Array.isArray(template)) return Promise.all(template.map((entry) => evaluate(entry, scope, variables)))
  if (typeof template !== 'object' || template === null) return template
  const entries = await Promise.all(
    Object.entries(template).map(async ([key, entry]) => [key, await evaluate(entry, scope, variables)] as const),
  )
  return Object.fromEntries(entries)
}

async function evaluateExpression(
  expression: string,
  { token, ...scope }: Scope,
  variables: Variables,
): Promise<unknown> {
  const states = { ...scope, context: token === undefined ? {} : { Task: { Token: token } } }
  let value: unknown
  try {
    value = await expressionOf(expression).evaluate(null, { ...variables, states })
  } catch (error) {
    throw new AslFailure('States.QueryEvaluationError', `${expression}: ${String(error)}`, { cause: error })
  }
  if (value === undefined) throw new AslFailure('States.QueryEvaluationError', `${expression} yields nothing`)
  return value
}

const expressions = new Map<string, ReturnType<typeof jsonata>>()

/** An expression is compiled once; each evaluation has bindings of its own. */
function expressionOf(text: string) {
  const known = expressions.get(text)
  if (known) return known
  const fresh = jsonata(text)
  expressions.set(text, fresh)
  return fresh
}

/** What crosses a state border is JSON: no state sees another's objects. */
export function copy(value: unknown): unknown {
  return value === undefined ? {} : JSON.parse(JSON.stringify(value))
}

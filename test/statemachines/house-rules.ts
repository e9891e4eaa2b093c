/** The house rules of state machines, as one function from a machine to the faults it has. */
import jsonata from 'jsonata'
import * as z from 'zod'
import { type Machine, type MachineState, targetsOf } from './machines.ts'

const statesMax = 12

/** Faults of the services that run a task; a fault of our own code is never retried here. */
const serviceFaults = new Set([
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Sandbox.Timedout',
])

/** Functions of JSONata that AWS and the emulator both have and that decide nothing. */
const functionsAllowed = new Set(['exists'])
const operatorsAllowed = new Set(['=', '!=', 'and', 'or'])

const Node = z.looseObject({ type: z.string().optional(), value: z.unknown().optional() })

export function houseFaults(machine: Machine): string[] {
  const names = Object.keys(machine.States)
  const reachable = reachableFrom(machine)
  return [
    ...(machine.Comment?.includes('Input:') ? [] : ['the Comment says no "Input: ..."']),
    ...(names.length > statesMax ? [`${names.length} states, ${statesMax} allowed`] : []),
    ...names.filter((name) => !reachable.has(name)).map((name) => `"${name}" is never reached`),
    ...[...reachable].filter((name) => !machine.States[name]).map((name) => `"${name}" does not exist`),
    ...Object.entries(machine.States).flatMap(([name, state]) =>
      stateFaults(name, state, machine).map((fault) => `"${name}" ${fault}`),
    ),
  ]
}

function reachableFrom({ StartAt, States }: Machine): Set<string> {
  const reached = new Set([StartAt])
  // A set goes on over what is added while it is walked.
  for (const name of reached) for (const target of States[name] ? targetsOf(States[name]) : []) reached.add(target)
  return reached
}

function stateFaults(name: string, state: MachineState, machine: Machine): string[] {
  const faults: string[] = []
  const isJsonata = (state.QueryLanguage ?? machine.QueryLanguage) === 'JSONata'
  if (!/^[A-Z][a-z]/.test(name)) faults.push('is no sentence')
  if ((state.Type === 'Choice') !== name.endsWith('?')) faults.push('asks and is no choice, or the other way round')
  if (machine.QueryLanguage === 'JSONata' && state.QueryLanguage === 'JSONPath')
    faults.push('is JSONPath in a JSONata machine, which Step Functions refuses')
  if (state.Type === 'Choice' && state.Default === undefined) faults.push('has no Default')
  if (state.Type === 'Wait') faults.push(...waitFaults(state, isJsonata))
  else if (!isJsonata && !['Succeed', 'Fail'].includes(state.Type)) faults.push('is not JSONata')
  if (state.Type === 'Succeed' && 'Output' in state) faults.push('has an Output, which the emulator does not make')
  if (state.Type === 'Task') faults.push(...taskFaults(state))
  return [...faults, ...expressionFaults(state, knownVariables(machine))]
}

/** The emulator (MiniStack 1.4.21) evaluates no JSONata in a Wait, and leaves out its Output and Assign. */
function waitFaults(state: MachineState, isJsonata: boolean): string[] {
  const faults: string[] = []
  if ('Output' in state || 'Assign' in state)
    faults.push('is a wait with Output or Assign, which the emulator leaves out')
  if (isJsonata && typeof state.Seconds !== 'number')
    faults.push('is a JSONata wait without literal Seconds, which the emulator cannot run')
  if (!isJsonata && typeof state.Seconds !== 'number' && typeof state.SecondsPath !== 'string')
    faults.push('waits for no Seconds and no SecondsPath')
  return faults
}

/** A count of seconds, or one that the task's input names; an expression that yields nothing fails the task. */
const isTimeout = (seconds: unknown) =>
  typeof seconds === 'number' || /^\{% \$states\.input\.\w+Seconds %\}$/.test(String(seconds))

function taskFaults(state: MachineState): string[] {
  const faults: string[] = []
  const mayTakeLong = /waitForTaskToken$|\.sync/.test(state.Resource ?? '')
  if (mayTakeLong && !isTimeout(state.TimeoutSeconds)) faults.push('may wait for ever')
  if (mayTakeLong && !state.Catch?.length) faults.push('waits and catches no timeout')
  if (/lambda:invoke$/.test(state.Resource ?? '') && !state.Retry?.length)
    faults.push('has no Retry for service faults')
  for (const retrier of state.Retry ?? []) {
    if (retrier.JitterStrategy !== 'FULL') faults.push('retries without full jitter')
    const odd = retrier.ErrorEquals.filter((name) => !serviceFaults.has(name))
    if (odd.length > 0) faults.push(`retries ${odd.join(', ')}, which is no service fault`)
  }
  return faults
}

function knownVariables({ States }: Machine): Set<string> {
  const assigned = Object.values(States).flatMap((state) => [
    ...Object.keys(state.Assign ?? {}),
    ...[...(state.Choices ?? []), ...(state.Catch ?? [])].flatMap((part) => Object.keys(part.Assign ?? {})),
  ])
  return new Set(['states', ...assigned])
}

function expressionFaults(state: unknown, known: ReadonlySet<string>): string[] {
  if (typeof state === 'string') {
    const expression = /^\{%([\s\S]*)%\}$/.exec(state)?.[1]
    return expression === undefined ? [] : faultsOfExpression(expression.trim(), known)
  }
  if (typeof state !== 'object' || state === null) return []
  return Object.values(state).flatMap((part) => expressionFaults(part, known))
}

function faultsOfExpression(expression: string, known: ReadonlySet<string>): string[] {
  try {
    return nodeFaults(jsonata(expression).ast(), known).map((fault) => `says {% ${expression} %}: ${fault}`)
  } catch (error) {
    return [`says {% ${expression} %}: ${String(error)}`]
  }
}

function nodeFaults(tree: unknown, known: ReadonlySet<string>): string[] {
  if (Array.isArray(tree)) return tree.flatMap((node) => nodeFaults(node, known))
  if (typeof tree !== 'object' || tree === null) return []
  const node = Node.parse(tree)
  return [...faultsOfNode(node, known), ...Object.values(node).flatMap((part) => nodeFaults(part, known))]
}

function faultsOfNode({ type, value, ...node }: z.infer<typeof Node>, known: ReadonlySet<string>): string[] {
  switch (type) {
    case undefined:
    case 'path':
    case 'name':
    case 'string':
    case 'number':
    case 'value':
    case 'condition':
    case 'operator':
      return []
    case 'variable':
      return known.has(String(value)) || functionsAllowed.has(String(value)) ? [] : [`unknown $${String(value)}`]
    case 'binary':
      return operatorsAllowed.has(String(value))
        ? []
        : [`"${String(value)}" is arithmetic or a rule; a machine only compares`]
    case 'function': {
      const called = Node.safeParse(node.procedure).data?.value
      return functionsAllowed.has(String(called))
        ? []
        : [`$${String(called)}() is not on the list of functions allowed`]
    }
    default:
      return [`${type} is outside the part of JSONata that every runner knows`]
  }
}

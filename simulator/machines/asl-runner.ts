/** Runs a state machine file in process: the same routing as Step Functions, on functions and time that the caller gives. */

import * as z from 'zod'
import { ownValue } from '../../functions/kit/table.ts'
import { AslFailure, errorNameOf, matchesError } from './asl-errors.ts'
import { copy, evaluate, type Scope } from './asl-expressions.ts'
import { Machine, type State, Template } from './asl-schema.ts'
import type { TaskTokenRegistry } from './task-tokens.ts'

export interface MachineRun {
  /** A parsed `*.asl.json` with its `${Name}` placeholders. */
  readonly definition: unknown
  readonly input: unknown
  /** What a `${Name}` of a Lambda task stands for. */
  readonly functions: Readonly<Record<string, (payload: unknown) => Promise<unknown>>>
  /** What a `${Name}` of a nested execution stands for. */
  readonly machines?: Readonly<Record<string, (input: unknown) => Promise<unknown>>>
  /** Waits, and the pauses between retries. */
  readonly wait: (seconds: number) => Promise<void>
  /** Calls `onElapsed` after `seconds` unless the function it returns is called first; absent: no task times out. */
  readonly startTimer?: (seconds: number, onElapsed: () => void) => () => void
  readonly tokens?: TaskTokenRegistry
  /** Called as each state is entered. */
  readonly onState?: (name: string, input: unknown) => void
  /** States entered after which a machine counts as endless. */
  readonly statesMax?: number
}

interface Execution {
  readonly run: MachineRun
  readonly variables: Record<string, unknown>
}

interface Step {
  readonly output: unknown
  /** Absent: the execution ends with this output. */
  readonly next: string | undefined
}

/**
 * Runs a machine to its end.
 *
 * @returns the output of its last state.
 * @throws AslFailure with the error and cause that Step Functions would show: a Fail state, an uncaught task error,
 * an expression that yields nothing, or a part of the language that the runner does not know.
 */
export async function runMachine(run: MachineRun): Promise<unknown> {
  const machine = machineOf(run.definition)
  const execution: Execution = { run, variables: {} }
  let name: string | undefined = machine.StartAt
  let value = copy(run.input)
  for (let entered = 0; name !== undefined; entered++) {
    if (entered >= (run.statesMax ?? 10_000))
      throw new AslFailure('States.Runtime', `endless: ${entered} states entered`)
    const state: State | undefined = machine.States[name]
    if (!state) throw new AslFailure('States.Runtime', `there is no state "${name}"`)
    run.onState?.(name, value)
    const isJsonata = (state.QueryLanguage ?? machine.QueryLanguage) === 'JSONata'
    const step: Step = isJsonata ? await enter(state, value, execution) : await enterByPath(state, value, run)
    value = copy(step.output)
    name = step.next
  }
  return value
}

const machines = new WeakMap<object, Machine>()

/** A definition is read once; machines run the same few again and again. */
function machineOf(definition: unknown): Machine {
  if (typeof definition !== 'object' || definition === null) return Machine.parse(definition)
  const known = machines.get(definition)
  if (known) return known
  const fresh = Machine.parse(definition)
  machines.set(definition, fresh)
  return fresh
}

async function enter(state: State, input: unknown, execution: Execution): Promise<Step> {
  switch (state.Type) {
    case 'Task':
      return enterTask(state, input, execution)
    case 'Choice':
      return enterChoice(state, input, execution)
    case 'Wait':
      await execution.run.wait(await secondsOf(state, input, execution))
      return leave(state, { input }, execution, input, state.Next)
    case 'Fail':
      throw new AslFailure(state.Error ?? 'States.Fail', state.Cause ?? '')
    default:
      return leave(state, { input }, execution, input, state.Type === 'Succeed' ? undefined : state.Next)
  }
}

/** JSONPath states: only those that a JSONata machine needs beside, for what the emulator cannot do in JSONata. */
async function enterByPath(state: State, input: unknown, run: MachineRun): Promise<Step> {
  if (state.Type === 'Succeed') return { output: input, next: undefined }
  if (state.Type === 'Fail') throw new AslFailure(state.Error ?? 'States.Fail', state.Cause ?? '')
  if (state.Type === 'Pass') return { output: input, next: state.Next }
  if (state.Type !== 'Wait') throw new AslFailure('States.Runtime', `a ${state.Type} in JSONPath is not supported`)
  const path = state.SecondsPath
  const seconds = path === undefined ? state.Seconds : Template.parse(input)[path.replace(/^\$\./, '')]
  await run.wait(wholeSeconds(seconds, path ?? 'Seconds'))
  return { output: input, next: state.Next }
}

async function secondsOf(state: State, input: unknown, execution: Execution): Promise<number> {
  return wholeSeconds(await evaluate(state.Seconds, { input }, execution.variables), 'Seconds')
}

function wholeSeconds(value: unknown, from: string): number {
  const seconds = z.number().int().min(0).max(99_999_999).safeParse(value)
  if (!seconds.success)
    throw new AslFailure('States.Runtime', `${from} is ${JSON.stringify(value)}, not a count of seconds`)
  return seconds.data
}

async function enterChoice(state: State, input: unknown, execution: Execution): Promise<Step> {
  for (const choice of state.Choices ?? []) {
    const isMet = await evaluate(choice.Condition, { input }, execution.variables)
    if (typeof isMet !== 'boolean')
      throw new AslFailure(
        'States.QueryEvaluationError',
        `${choice.Condition} is ${JSON.stringify(isMet)}, not a boolean`,
      )
    if (isMet) return leave(choice, { input }, execution, input, choice.Next)
  }
  if (state.Default === undefined)
    throw new AslFailure('States.NoChoiceMatched', 'no choice matched and there is no Default')
  return leave(state, { input }, execution, input, state.Default)
}

async function enterTask(state: State, input: unknown, execution: Execution): Promise<Step> {
  const attempts = new Map<number, number>()
  for (;;) {
    try {
      const result = copy(await callTask(state, input, execution))
      return await leave(state, { input, result }, execution, result, state.Next)
    } catch (error) {
      const name = errorNameOf(error)
      const pause = retryPause(state, name, attempts)
      if (pause !== undefined) {
        await execution.run.wait(pause)
        continue
      }
      return catchError(state, input, execution, error)
    }
  }
}

/** Seconds to pause before the next attempt, or undefined when no retrier takes the error any more. Counts the attempt. */
function retryPause(state: State, name: string, attempts: Map<number, number>): number | undefined {
  const index = state.Retry.findIndex((retrier) => matchesError(retrier.ErrorEquals, name))
  const retrier = state.Retry[index]
  const made = attempts.get(index) ?? 0
  if (!retrier || made >= retrier.MaxAttempts) return undefined
  attempts.set(index, made + 1)
  return retrier.IntervalSeconds * retrier.BackoffRate ** made
}

async function catchError(state: State, input: unknown, execution: Execution, error: unknown): Promise<Step> {
  const name = errorNameOf(error)
  const catcher = state.Catch.find((entry) => matchesError(entry.ErrorEquals, name))
  if (!catcher) throw error instanceof AslFailure ? error : new AslFailure(name, String(error), { cause: error })
  const errorOutput = { Error: name, Cause: error instanceof AslFailure ? error.reason : String(error) }
  return leave(catcher, { input, errorOutput }, execution, errorOutput, catcher.Next)
}

async function callTask(state: State, input: unknown, execution: Execution): Promise<unknown> {
  const { run } = execution
  const resource = state.Resource?.replace('arn:aws:states:::', '')
  if (resource === 'lambda:invoke.waitForTaskToken') return callAndWait(state, input, execution)
  const given = Template.parse(await evaluate(state.Arguments, { input }, execution.variables))
  if (resource === 'lambda:invoke') {
    const work = lookUp(run.functions, given.FunctionName)(copy(given.Payload))
    const Payload = await withTimeout(await timeoutOf(state, input, execution), run, work)
    return { StatusCode: 200, Payload: Payload ?? {} }
  }
  if (resource === 'states:startExecution.sync:2') {
    const machine = lookUp(run.machines ?? {}, given.StateMachineArn)
    const work = nested(machine, copy(given.Input))
    return { Status: 'SUCCEEDED', Output: await withTimeout(await timeoutOf(state, input, execution), run, work) }
  }
  throw new AslFailure('States.Runtime', `resource ${state.Resource} is not supported`)
}

/** A child that fails is a failed task of its parent, whatever its own error was. */
async function nested(machine: (input: unknown) => Promise<unknown>, input: unknown): Promise<unknown> {
  try {
    return await machine(input)
  } catch (error) {
    throw new AslFailure('States.TaskFailed', String(error), { cause: error })
  }
}

async function callAndWait(state: State, input: unknown, execution: Execution): Promise<unknown> {
  const { run } = execution
  if (!run.tokens) throw new AslFailure('States.Runtime', 'a wait for a task token, and no tokens given')
  const seconds = await timeoutOf(state, input, execution)
  const heart = heartOf(state.HeartbeatSeconds, run)
  const { token, answered } = run.tokens.issue(heart.beat)
  try {
    const given = Template.parse(await evaluate(state.Arguments, { input, token }, execution.variables))
    await lookUp(run.functions, given.FunctionName)(copy(given.Payload))
    return await withTimeout(seconds, run, Promise.race([answered, heart.stopped]))
  } finally {
    heart.stop()
    run.tokens.forget(token)
  }
}

/** Rejects `stopped` when `seconds` pass without a beat. */
function heartOf(seconds: number | undefined, { startTimer }: MachineRun) {
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  stopped.catch(() => undefined)
  let stop = () => {}
  const beat = () => {
    stop()
    if (seconds === undefined || !startTimer) return
    const failure = new AslFailure('States.HeartbeatTimeout', `no heartbeat within ${seconds} s`)
    stop = startTimer(seconds, () => reject(failure))
  }
  beat()
  return { stopped, beat, stop: () => stop() }
}

async function timeoutOf(state: State, input: unknown, execution: Execution): Promise<number | undefined> {
  if (state.TimeoutSeconds === undefined) return undefined
  return wholeSeconds(await evaluate(state.TimeoutSeconds, { input }, execution.variables), 'TimeoutSeconds')
}

async function withTimeout(seconds: number | undefined, run: MachineRun, work: Promise<unknown>): Promise<unknown> {
  if (seconds === undefined || !run.startTimer) return work
  const { promise: elapsed, reject } = Promise.withResolvers<never>()
  const cancel = run.startTimer(seconds, () => reject(new AslFailure('States.Timeout', `no end within ${seconds} s`)))
  try {
    return await Promise.race([work, elapsed])
  } finally {
    cancel()
  }
}

function lookUp<Call>(known: Readonly<Record<string, Call>>, reference: unknown): Call {
  const name = /^\$\{(\w+)\}$/.exec(String(reference))?.[1]
  const call = name === undefined ? undefined : ownValue(known, name)
  if (call === undefined) throw new AslFailure('States.Runtime', `nothing was given for ${String(reference)}`)
  return call
}

/** Output and Assign both see the variables as they were when the state was entered. */
async function leave(
  part: { readonly Output?: unknown; readonly Assign?: Record<string, unknown> | undefined },
  scope: Scope,
  execution: Execution,
  otherwise: unknown,
  next: string | undefined,
): Promise<Step> {
  const output = part.Output === undefined ? otherwise : await evaluate(part.Output, scope, execution.variables)
  const assigned = Template.parse((await evaluate(part.Assign, scope, execution.variables)) ?? {})
  Object.assign(execution.variables, copy(assigned))
  return { output, next }
}

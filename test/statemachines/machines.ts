/** The machine files, and what the tests about them share. */
import { readdirSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import { type MachineRun, runMachine } from '../../simulator/machines/asl-runner.ts'

const Target = z.looseObject({ Next: z.string(), Assign: z.record(z.string(), z.unknown()).optional() })
const State = z.looseObject({
  Type: z.string(),
  QueryLanguage: z.string().optional(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.unknown().optional(),
  Choices: z.array(Target.extend({ Condition: z.string().optional() })).optional(),
  Catch: z.array(Target.extend({ ErrorEquals: z.array(z.string()) })).optional(),
  Retry: z.array(z.looseObject({ ErrorEquals: z.array(z.string()), JitterStrategy: z.string().optional() })).optional(),
  Assign: z.record(z.string(), z.unknown()).optional(),
  Default: z.string().optional(),
  Next: z.string().optional(),
})
export const Machine = z.looseObject({
  Comment: z.string().optional(),
  QueryLanguage: z.string().default('JSONPath'),
  StartAt: z.string(),
  States: z.record(z.string(), State),
})
export type Machine = z.infer<typeof Machine>
export type MachineState = z.infer<typeof State>

const folder = new URL('../../statemachines/', import.meta.url)

/** Names of the machine files, without `.asl.json`. */
export const machineNames = readdirSync(folder)
  .filter((file) => file.endsWith('.asl.json'))
  .map((file) => file.replace('.asl.json', ''))

export const definitionOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${name}.asl.json`, folder), 'utf8'))
export const machineOf = (name: string): Machine => Machine.parse(definitionOf(name))

/** Where a state may lead. */
export const targetsOf = (state: MachineState): string[] =>
  [
    ...(state.Choices ?? []).map((choice) => choice.Next),
    ...(state.Catch ?? []).map((catcher) => catcher.Next),
    state.Default,
    state.Next,
  ].filter((target) => target !== undefined)

/** Every way from state to state, as `from -> to`. */
export const transitionsOf = (machine: Machine): string[] =>
  [
    ...new Set(
      Object.entries(machine.States).flatMap(([name, state]) => targetsOf(state).map((to) => `${name} -> ${to}`)),
    ),
  ].sort()

export interface Walk {
  /** The states entered, in order. */
  readonly states: readonly string[]
  readonly waits: readonly number[]
  readonly calls: readonly { readonly name: string; readonly payload: unknown }[]
  readonly output: unknown
}

type Stubs = Readonly<Record<string, (payload: unknown) => unknown>>

/** Runs a machine file on stubs and records what it did. A stub that throws fails its task. */
export async function walk(
  name: string,
  facts: Omit<MachineRun, 'definition' | 'functions' | 'machines' | 'wait'> & {
    readonly functions?: Stubs
    readonly machines?: Stubs
  },
): Promise<Walk> {
  const states: string[] = []
  const waits: number[] = []
  const calls: { name: string; payload: unknown }[] = []
  const recorded = (stubs: Stubs = {}) =>
    Object.fromEntries(
      Object.entries(stubs).map(([stub, call]) => [
        stub,
        async (payload: unknown) => {
          calls.push({ name: stub, payload })
          return call(payload)
        },
      ]),
    )
  const output = await runMachine({
    ...facts,
    definition: definitionOf(name),
    functions: recorded(facts.functions),
    machines: recorded(facts.machines),
    wait: async (seconds) => void waits.push(seconds),
    onState: (state) => void states.push(state),
    statesMax: facts.statesMax ?? 200,
  })
  return { states, waits, calls, output }
}

export const walkedTransitions = (states: readonly string[]): string[] =>
  states.slice(1).map((state, index) => `${states[index]} -> ${state}`)

/** A stub that answers with each value in turn, the last one for ever. */
export function inTurn(...answers: readonly unknown[]): () => unknown {
  let asked = 0
  return () => {
    const answer = answers[Math.min(asked++, answers.length - 1)]
    if (answer instanceof Error) throw answer
    return answer
  }
}

export const errorNamed = (name: string) => Object.assign(new Error(`a ${name}`), { name })

/** The state machines that run on virtual time: started, nested in each other, and told apart when somebody asks who waits. */
import type { Scheduler } from '../scheduler.ts'
import { type MachineRun, runMachine } from './asl-runner.ts'
import type { TaskTokenRegistry } from './task-tokens.ts'

const machineNames = ['change', 'approval', 'deployment', 'canary', 'rollback'] as const
export type MachineName = (typeof machineNames)[number]

interface Options {
  readonly scheduler: Scheduler
  readonly tokens: TaskTokenRegistry
  readonly functions: MachineRun['functions']
  /** The parsed file of a machine. */
  readonly definitionOf: (name: MachineName) => unknown
  /** Called as a machine enters a state. */
  readonly onState: () => void
}

export function machineRuns({ scheduler, tokens, functions, definitionOf, onState }: Options) {
  /** Where each run stands, by a number of its own. */
  const states = new Map<number, { readonly name: MachineName; readonly state: string; readonly input: unknown }>()
  let started = 0

  async function run(name: MachineName, input: unknown): Promise<unknown> {
    const number = started++
    const stateOf = () => `${name}: ${states.get(number)?.state ?? 'not started'}`
    try {
      return await runMachine({
        definition: definitionOf(name),
        input,
        functions,
        machines: {
          ApprovalMachine: (own) => run('approval', own),
          DeploymentMachine: (own) => run('deployment', own),
          CanaryMachine: (own) => run('canary', own),
          RollbackMachine: (own) => run('rollback', own),
        },
        wait: (seconds) => scheduler.sleep(seconds * 1000, stateOf()),
        startTimer: (seconds, onElapsed) => scheduler.after(seconds * 1000, `timeout of ${stateOf()}`, onElapsed),
        tokens,
        onState(state, value) {
          states.set(number, { name, state, input: value })
          onState()
        },
      })
    } finally {
      states.delete(number)
    }
  }

  return {
    /** Starts a machine; `onEnd` is told when it ends, and of the error where it fails. */
    start<Input extends { readonly changeId: string }>(
      name: MachineName,
      input: Input,
      onEnd: (error?: unknown) => void,
    ) {
      scheduler.after(0, `${name} ${input.changeId}`, () => {
        run(name, input).then(() => onEnd(), onEnd)
      })
    },
    waits: (): readonly string[] =>
      [...states.values()].map(({ name, state, input }) => `${name} in "${state}" with ${JSON.stringify(input)}`),
  }
}

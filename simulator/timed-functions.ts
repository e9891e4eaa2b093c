/** Lambdas on virtual time. */
import type { MachineRun } from './machines/asl-runner.ts'
import type { Scheduler } from './scheduler.ts'

/** The functions with their latency before them; time stands still while one works. */
export const timedFunctions = (
  functions: MachineRun['functions'],
  scheduler: Scheduler,
  latencyMs: (what: string) => number,
  onCall: () => void,
) =>
  Object.fromEntries(
    Object.entries(functions).map(([name, run]) => [
      name,
      async (input: unknown) => {
        onCall()
        const takesMs = latencyMs(name)
        if (takesMs > 0) await scheduler.sleep(takesMs, name)
        return scheduler.call<unknown>(name, () => run(input))
      },
    ]),
  )

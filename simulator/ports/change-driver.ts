/** The change driver in memory: names stay taken, as those of Step Functions do. */
import type { ChangeDriver, DriverExecution } from '../../functions/changes/index.ts'

/** @param onStart called with each execution that is started; it ends with `end`. */
export function memoryChangeDriver(onStart: (execution: DriverExecution) => void = () => undefined) {
  const statuses = new Map<string, 'running' | 'ended'>()
  const started: DriverExecution[] = []
  return {
    /** Every execution that was really started, in order. */
    started,
    /** The execution ends, well or not. */
    end: (name: string) => void statuses.set(name, 'ended'),
    async start(execution) {
      if (statuses.has(execution.name)) return 'taken'
      statuses.set(execution.name, 'running')
      started.push(execution)
      onStart(execution)
      return 'started'
    },
    statusOf: async (name) => statuses.get(name) ?? 'unknown',
    running: async () => new Set([...statuses].flatMap(([name, status]) => (status === 'running' ? [name] : []))),
  } satisfies ChangeDriver & Readonly<Record<string, unknown>>
}

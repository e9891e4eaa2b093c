/** What drives changes: executions of the change machine, each under a name of its own. */

/** `unknown`: no execution of the name is seen, because none was started or because it was started a moment ago. */
export type DriverStatus = 'running' | 'ended' | 'unknown'

/** What an execution is started with. */
export interface DriverExecution {
  readonly changeId: string
  /** Used once: an execution that ended keeps its name taken for 90 days. */
  readonly name: string
  /** Seconds that it waits before it looks at the ledger. */
  readonly seconds: number
}

export interface ChangeDriver {
  /** Starts an execution. `taken`: one of this name was started before; it may run or have ended. */
  start(execution: DriverExecution): Promise<'started' | 'taken'>
  statusOf(name: string): Promise<DriverStatus>
  /** Names of the executions that run; may be some seconds old. */
  running(): Promise<ReadonlySet<string>>
}

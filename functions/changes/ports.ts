/** What drives changes: executions of the change machine, each under a name of its own. */

/** `unknown`: no execution of that name is visible, because none was started, or only just now. */
export type DriverStatus = 'running' | 'ended' | 'unknown'

/** The input of an execution. */
export interface DriverExecution {
  readonly changeId: string
  /** Used once: the name of an ended execution stays taken for 90 days. */
  readonly name: string
  /** Seconds that it waits before it reads the ledger. */
  readonly seconds: number
}

/** Executions of the change machine; the implementations pass test/contract/change-driver.ts. */
export interface ChangeDriver {
  /** Starts an execution. `taken`: one with this name was started before, and may be running or ended. */
  start(execution: DriverExecution): Promise<'started' | 'taken'>
  statusOf(name: string): Promise<DriverStatus>
  /** Names of the running executions; may be some seconds old. */
  running(): Promise<ReadonlySet<string>>
}

/** What drives changes. */

export interface ChangeDriver {
  /** Starts the driver of a change; one that was started before is not started again. */
  start(changeId: string): Promise<void>
  isRunning(changeId: string): Promise<boolean>
  /** Starts another driver after the first died; `attempt` makes its name, so that two reconcilers start one. */
  restart(changeId: string, attempt: string): Promise<void>
}

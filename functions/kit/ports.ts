/** The ports that every room may ask for: time, identifiers, messages between stages. */

export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  nowMs(): number
}

export interface Ids {
  /** A new ULID: 26 characters that sort by creation time. */
  next(): string
}

/** Resolves after some milliseconds. */
export type Pause = (ms: number) => Promise<void>

/** The stages that a nudge can wake; each has a queue. */
export type Stage = 'enrich' | 'assess' | 'dispatch' | 'archive'

/** Sends a message to a stage of the data flow; delivery is at least once. */
export interface Nudges {
  /** `delaySeconds` is 0 to 900 (SQS `DelaySeconds`). */
  send(stage: Stage, message: Readonly<Record<string, string | number>>, delaySeconds?: number): Promise<void>
}

export interface Metrics {
  /** Adds one to a named counter of Drydock itself. */
  count(name: string, by?: number): void
}

/** Answers a waiting state machine. `gone`: the wait is over (TaskTimedOut, TaskDoesNotExist, InvalidToken). */
export interface TaskTokens {
  succeed(token: string, output: Readonly<Record<string, string>>): Promise<'answered' | 'gone'>
}

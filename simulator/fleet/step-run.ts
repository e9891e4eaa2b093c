/** One run of a document's step on a simulated node, whatever its platform. */
import type { Fault } from './faults.ts'

export interface StepRun {
  readonly exitCode: number
  readonly result: Readonly<Record<string, unknown>>
  /** What follows the result on standard output. */
  readonly attachment?: string
}

export interface StepInput {
  /** `name=version` items. */
  readonly packages: string
  readonly changeId: string
  readonly fault: Fault['fault'] | undefined
  readonly nowMs: number
  readonly newBootId: () => string
  /** Updates of the override list; absent where the node cannot fetch the list. */
  readonly listed?: readonly string[] | undefined
}

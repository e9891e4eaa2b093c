/** Where refused input goes, so that a person can look at it. */
import type { RefusalCode } from './refusals.ts'

export interface RefusedInput {
  readonly reason: RefusalCode
  readonly detail: string
  /** The input as it came, cut to `refusedBodyMax` characters. */
  readonly body: string
}

export const refusedBodyMax = 200_000

/** Implementations: SQS dead-letter queue (functions/aws), memory (local/ports). */
export interface Refusals {
  put(input: RefusedInput): Promise<void>
}

/** Where refused input goes, so that a person can look at it. */
import type { Finding } from '../finding/index.ts'
import type { Json } from '../kit/json.ts'
import type { EvidenceRecord, Move } from '../kit/ledger.ts'
import type { RefusalCode } from './refusals.ts'

/** A refused input, kept as received with its reason code. */
export interface RefusedInput {
  readonly reason: RefusalCode
  readonly detail: string
  /** The input as received, cut to `refusedBodyMax` characters. */
  readonly body: string
}

/** Characters of a refused input that are kept. */
export const refusedBodyMax = 200_000

/** Implementations: SQS dead-letter queue (functions/aws), memory (local/ports). */
export interface Refusals {
  put(input: RefusedInput): Promise<void>
}

/** One page of findings as Inspector lists them. */
export interface FindingPage {
  /** As Inspector returns them, instants as ISO text. */
  readonly findings: readonly Json[]
  /** Absent on the last page. */
  readonly token?: string
}

/** A source of findings on request: Inspector's ListFindings. */
export interface FindingSource {
  /**
   * One page of the findings updated in a window, in any state; without `from`, of all active ones.
   *
   * `throttled` and `unavailable` come after the retries of the implementation; `bad-token`: the token is no longer
   * accepted.
   */
  page(query: {
    readonly from?: string | undefined
    readonly until: string
    readonly token?: string
  }): Promise<FindingPage | { readonly refused: 'throttled' | 'bad-token' | 'unavailable'; readonly detail: string }>
}

/** The queue for scanners' events. */
export interface FindingQueue {
  /** @param body an EventBridge event as JSON. */
  send(body: string): Promise<void>
}

/** What is decided about a finding, to be committed with it. */
export interface FindingDecision {
  /** None, if nothing is new but the finding itself. */
  readonly moves: readonly Move[]
  /** Empty, if nothing is new; the first leaf says what was recorded. */
  readonly evidence: readonly EvidenceRecord[]
  /** What follows the commit; a redelivered message makes up for what a crash left undone. */
  readonly settle: () => Promise<void>
}

/** Decides about a finding in the transaction that records it, so that both are one leaf. */
export interface FindingDesk {
  /**
   * @param recorded what the leaf says of the finding.
   * @returns undefined: nothing can be decided now. It is recorded alone, and its assessment tries again.
   */
  decide(finding: Finding, recorded: Json): Promise<FindingDecision | undefined>
}

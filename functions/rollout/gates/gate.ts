/** What a gate is: facts in, nothing or a hold with its reason and its end out. A fact that is not known holds. */
import type { Ballot } from '../../approvals/index.ts'
import type { CalendarReadings } from '../../calendar/index.ts'
import type { Catalogue } from '../../catalogue/index.ts'
import type { Change, HoldEnd, HoldReason, Stop } from '../../changes/index.ts'
import type { EvidenceHealth } from '../../evidence/index.ts'
import type { DocumentPins, Plan } from '../../planning/index.ts'
import type { ProbeOutcome } from '../baseline.ts'

/** What is known of one thing that a gate asks about. */
export type Fact<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly because: string }
  /** Read so many seconds before the gates were asked that it may no longer be so. */
  | { readonly kind: 'late'; readonly seconds: number }

/** A document as SSM has it now; undefined: it has none of that name. */
export type PinNow = Awaited<ReturnType<DocumentPins['current']>>

/** Seconds that a fact may be old when the gates are asked. */
export const factSecondsMax = 60

/** A ring that is open already. */
export interface RingInWork {
  readonly planHash: string
  /** Seconds that the longest host takes of those that were not taken down yet: each that starts must end in time. */
  readonly longestLeftSeconds: number
}

/** Everything that gates ask about, read by readGateFacts or readOpeningFacts. */
export interface GateFacts {
  /** Name of the ring that opens or is open. */
  readonly ring: string
  /** Undefined before the ring opens. */
  readonly inWork: RingInWork | undefined
  /** The instant at which the gates are asked, ISO 8601, UTC. */
  readonly nowIso: string
  readonly change: Fact<Change>
  readonly plan: Fact<Plan>
  readonly ballot: Fact<Ballot>
  /** Services, calendars and people as they are now. */
  readonly catalogue: Fact<Catalogue>
  /** What SSM says now of the calendars that it keeps, by name. */
  readonly calendars: Fact<CalendarReadings>
  /** The kill switch; known and empty where it was never pulled. */
  readonly stop: Fact<Pick<Stop, 'all' | 'changeIds' | 'because' | 'by'>>
  readonly evidence: Fact<EvidenceHealth>
  /** Documents of the plan as SSM has them now, by name; read before a ring opens only. */
  readonly documents: Fact<ReadonlyMap<string, PinNow>>
  /** Every probe of the change's service, run once; read before a ring opens only. */
  readonly probes: Fact<readonly ProbeOutcome[]>
}

/** Why a gate holds, and what ends it. */
export type GateHold = Pick<HoldReason, 'because' | 'endedBy'>

/** One question that must be answered before hosts are touched. */
export interface Gate {
  readonly name: string
  /** `opening`: asked before a ring opens only, as work in the ring changes the answer or SSM asks it at each command. */
  readonly isAskedAt: 'opening' | 'every pass'
  /** What a ring that is open may still do while the gate holds: nothing, or bring up the hosts that are down. */
  readonly leaves: 'nothing' | 'hosts-down'
  readonly check: (facts: GateFacts) => GateHold | undefined
}

/** A hold that ends when the named thing happens. */
export const heldUntilTrigger = (because: string, name: Extract<HoldEnd, { kind: 'trigger' }>['name']): GateHold => ({
  because,
  endedBy: { kind: 'trigger', name },
})

/** A hold that someone with this role of the catalogue ends. */
export const heldForRole = (because: string, role: string): GateHold => ({ because, endedBy: { kind: 'person', role } })

/** What is wrong with a fact that is not known, in words. */
export function doubtOf(what: string, fact: Exclude<Fact<unknown>, { kind: 'known' }>): string {
  switch (fact.kind) {
    case 'missing':
      return `${what} cannot be read: it is missing`
    case 'unreadable':
      return `${what} cannot be read: ${fact.because}`
    case 'late':
      return `${what} cannot be trusted: read ${fact.seconds} s ago, ${factSecondsMax} s are allowed`
  }
}

/** Holds for a fact that is not known, until it can be read. */
export const heldByDoubt = (what: string, fact: Exclude<Fact<unknown>, { kind: 'known' }>): GateHold =>
  heldUntilTrigger(doubtOf(what, fact), 'facts-readable')

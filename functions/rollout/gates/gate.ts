/** A gate: facts in; nothing, or a hold with its reason and end, out. An unknown fact holds. */
import type { Ballot } from '../../approvals/index.ts'
import type { CalendarReadings } from '../../calendar/index.ts'
import type { Catalogue } from '../../catalogue/index.ts'
import type { Change, HoldEnd, HoldReason, Stop } from '../../changes/index.ts'
import type { EvidenceHealth } from '../../evidence/index.ts'
import type { DocumentPins, Plan } from '../../planning/index.ts'
import type { ProbeOutcome } from '../baseline.ts'

/** One fact that a gate asks about, as far as known. */
export type Fact<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly because: string }
  /** Seconds of age at which the fact may be outdated. */
  | { readonly kind: 'late'; readonly seconds: number }

/** SSM's current document; undefined if there is none of that name. */
export type PinNow = Awaited<ReturnType<DocumentPins['current']>>

/** Most seconds of age of a fact when the gates are asked. */
export const factSecondsMax = 60

/** A ring that is already open. */
export interface RingInWork {
  readonly planHash: string
  /** Seconds that the longest of the hosts not yet taken down needs: each that starts must end in time. */
  readonly longestLeftSeconds: number
}

/** Everything that gates ask about, read by readGateFacts or readOpeningFacts. */
export interface GateFacts {
  /** Name of the ring that opens or is open. */
  readonly ring: string
  /** Undefined before the ring opens. */
  readonly inWork: RingInWork | undefined
  /** When the gates are asked, ISO 8601 UTC. */
  readonly nowIso: string
  readonly change: Fact<Change>
  readonly plan: Fact<Plan>
  readonly ballot: Fact<Ballot>
  /** Current services, calendars and people. */
  readonly catalogue: Fact<Catalogue>
  /** Current states of the calendars that SSM keeps, by name. */
  readonly calendars: Fact<CalendarReadings>
  /** The kill switch; known and empty if it was never pulled. */
  readonly stop: Fact<Pick<Stop, 'all' | 'changeIds' | 'because' | 'by'>>
  readonly evidence: Fact<EvidenceHealth>
  /** SSM's current documents of the plan, by name; read only before a ring opens. */
  readonly documents: Fact<ReadonlyMap<string, PinNow>>
  /** Every probe of the change's service, run once; only before a ring opens. */
  readonly probes: Fact<readonly ProbeOutcome[]>
}

/** Why a gate holds, and what ends it. */
export type GateHold = Pick<HoldReason, 'because' | 'endedBy'>

/** One question that must be answered before hosts are touched. */
export interface Gate {
  readonly name: string
  /**
   * `opening`: asked only before a ring opens, because work in the ring changes the answer or SSM checks it at each
   * command.
   */
  readonly isAskedAt: 'opening' | 'every pass'
  /** What an open ring may still do while the gate holds: nothing, or bring up the hosts that are down. */
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

/** Why a fact is unknown, in words. */
export function doubtOf(what: string, fact: Exclude<Fact<unknown>, { kind: 'known' }>): string {
  switch (fact.kind) {
    case 'missing':
      return `${what} cannot be read: it is missing`
    case 'unreadable':
      return `${what} cannot be read: ${fact.because}`
    case 'late':
      return `${what} cannot be trusted: read ${fact.seconds} s ago, at most ${factSecondsMax} s are allowed`
  }
}

/** Holds for an unknown fact, until it can be read. */
export const heldByDoubt = (what: string, fact: Exclude<Fact<unknown>, { kind: 'known' }>): GateHold =>
  heldUntilTrigger(doubtOf(what, fact), 'facts-readable')

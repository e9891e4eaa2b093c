/** Why a change waits, and what ends the wait: a time, a trigger, or a person. */
import * as z from 'zod'

/** Triggers: what must happen before a held change is checked again. */
export const holdTriggers = [
  /** The evidence log has caught up with the ledger (F42). */
  'evidence-filed',
  /** A new catalogue was loaded. */
  'catalogue-loaded',
  /** The unreadable facts have become readable. */
  'facts-readable',
  /** Every probe of the service is healthy. */
  'probes-healthy',
] as const

/**
 * What ends a hold: an instant (ISO 8601, UTC), something that happens, or somebody, by role of the catalogue or by id.
 */
export const HoldEnd = z.union([
  z.strictObject({ kind: z.literal('time'), at: z.string() }),
  z.strictObject({ kind: z.literal('trigger'), name: z.enum(holdTriggers) }),
  z.strictObject({ kind: z.literal('person'), role: z.string() }),
  z.strictObject({ kind: z.literal('person'), personId: z.string() }),
])
export type HoldEnd = z.infer<typeof HoldEnd>

/** One reason for a hold: the gate or room that holds, why, and what ends it. */
export const HoldReason = z.strictObject({ gate: z.string(), because: z.string(), endedBy: HoldEnd })
export type HoldReason = z.infer<typeof HoldReason>

/** The event that holds a change. */
export type HeldEvent = {
  readonly type: 'held'
  /** All reasons as one text. */
  readonly because: string
  /** When the change can continue, if every reason ends at a known instant. */
  readonly until?: string
  readonly heldFor: readonly HoldReason[]
}

/** Holds a change for all of these reasons; it continues by itself only if each ends at a known instant. */
export function heldEvent(heldFor: readonly [HoldReason, ...HoldReason[]]): HeldEvent {
  const times = heldFor.flatMap(({ endedBy }) => (endedBy.kind === 'time' ? [endedBy.at] : []))
  const last = times.length === heldFor.length ? times.toSorted().at(-1) : undefined
  const because = [...new Set(heldFor.map((reason) => reason.because))].join('; ')
  return { type: 'held', because, ...(last === undefined ? {} : { until: last }), heldFor }
}

/** What holds a change; a record from before holds had ends is read as ending at its time, or by operations. */
export function holdsOf(change: {
  readonly heldBecause?: string | undefined
  readonly heldUntil?: string | undefined
  readonly heldFor?: readonly HoldReason[] | undefined
}): readonly HoldReason[] {
  const { heldBecause, heldUntil, heldFor = [] } = change
  if (heldFor.length > 0) return heldFor
  const endedBy: HoldEnd =
    heldUntil === undefined ? { kind: 'person', role: 'operations' } : { kind: 'time', at: heldUntil }
  return [{ gate: 'unknown', because: heldBecause ?? 'no reason is recorded', endedBy }]
}

/** What ends a hold, in a few words. */
export function holdEndInWords(end: HoldEnd): string {
  if (end.kind === 'time') return `at ${end.at}`
  if (end.kind === 'trigger') return `by trigger ${end.name}`
  return 'role' in end ? `by role ${end.role}` : `by ${end.personId}`
}

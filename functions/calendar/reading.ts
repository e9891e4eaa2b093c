/** What SSM says of a calendar that it keeps, as closed times: known as far as it was asked, closed behind that. */
import type { NamedCalendar } from './freeze.ts'
import type { CalendarStates } from './ports.ts'
import type { Span } from './windows.ts'

/** States of a calendar from the instant asked for on, in order. */
export interface KnownStates {
  readonly changes: readonly { readonly atMs: number; readonly state: 'OPEN' | 'CLOSED' }[]
  /** Up to when they are known; absent: the last state stays. */
  readonly untilMs?: number
}
/** What SSM said of one calendar that it keeps, or why that is unknown. */
export type CalendarReading = KnownStates | { readonly unknown: string }
/** What SSM said of calendars, by name or ARN. */
export type CalendarReadings = ReadonlyMap<string, CalendarReading>

/** What SSM says of the calendars of a catalogue that it keeps; without a port nothing is known. */
export async function readCalendars(
  calendars: readonly NamedCalendar[],
  states: CalendarStates | undefined,
  nowMs: number,
): Promise<CalendarReadings> {
  const names = [...new Set(calendars.flatMap(({ ssm }) => ssm ?? []))]
  return names.length === 0 || !states ? new Map() : states.read(names, nowMs)
}

/** The closed times of a reading up to `untilMs`; what lies before its first instant counts as that. */
export function closedIn({ changes, untilMs: knownUntilMs }: KnownStates, fromMs: number, untilMs: number): Span[] {
  const spans = changes.map(({ state, atMs }, index) => ({
    state,
    startMs: index === 0 ? Math.min(fromMs, atMs) : atMs,
    endMs: changes[index + 1]?.atMs ?? knownUntilMs ?? untilMs,
  }))
  const unknownFromMs = changes.length === 0 ? fromMs : knownUntilMs
  return [
    ...spans.filter(({ state }) => state === 'CLOSED').map(({ startMs, endMs }) => ({ startMs, endMs })),
    ...(unknownFromMs === undefined ? [] : [{ startMs: unknownFromMs, endMs: untilMs }]),
  ].filter(({ startMs, endMs }) => endMs > startMs && endMs > fromMs && startMs < untilMs)
}

/** A calendar that SSM keeps, as closed times: known as far as SSM was asked, closed after that. */
import type { NamedCalendar } from './freeze.ts'
import type { CalendarStates } from './ports.ts'
import type { Span } from './windows.ts'

/** States of a calendar from the requested instant on, in order. */
export interface KnownStates {
  readonly changes: readonly { readonly atMs: number; readonly state: 'OPEN' | 'CLOSED' }[]
  /** Until when they are known; absent: the last state stays. */
  readonly untilMs?: number
}

/** The states of one SSM calendar, or why they are unknown; unknown counts as closed. */
export type CalendarReading = KnownStates | { readonly unknown: string }

/** Readings by the name or ARN of the calendar. */
export type CalendarReadings = ReadonlyMap<string, CalendarReading>

/** The states of a catalogue's SSM calendars; without a port nothing is known. */
export async function readCalendars(
  calendars: readonly NamedCalendar[],
  states: CalendarStates | undefined,
  nowMs: number,
): Promise<CalendarReadings> {
  const names = [...new Set(calendars.flatMap(({ ssm }) => ssm ?? []))]
  return names.length === 0 || !states ? new Map() : states.read(names, nowMs)
}

/** The closed times of a reading up to `untilMs`; the time before its first instant has the first state. */
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

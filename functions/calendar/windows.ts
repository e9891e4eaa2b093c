/** Weekly maintenance windows as instants. */
import { Temporal } from 'temporal-polyfill'
import type { Window } from './window.ts'

/** A time from `startMs` up to `endMs`, in milliseconds since the epoch. */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

const dayMs = 86_400_000
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/**
 * The openings of weekly windows between two instants, in order, overlapping ones joined.
 *
 * Wall-clock times are those of the window's zone. Where daylight saving moves the clock inside a window it is the shorter of what
 * clock and duration say, so nothing runs outside either; a start in a skipped hour waits until that hour is over, a start in a
 * repeated hour is its first pass.
 *
 * @throws RangeError where a window names an unknown time zone.
 */
export function windowSpans(windows: readonly Window[], fromMs: number, untilMs: number): Span[] {
  const spans = windows.flatMap((window) => {
    const first = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(window.timeZone).toPlainDate()
    const days = Math.ceil((untilMs - fromMs) / dayMs) + 1
    return Array.from({ length: days + 2 }, (_, day) => first.add({ days: day - 1 })).flatMap((date) => {
      const weekday = weekdays[date.dayOfWeek - 1]
      const span = weekday && window.days.includes(weekday) ? openingOn(date, window) : undefined
      return span && span.endMs > fromMs && span.startMs < untilMs ? [span] : []
    })
  })
  return joined(spans)
}

function openingOn(date: Temporal.PlainDate, { start, durationMinutes, timeZone }: Window): Span | undefined {
  const wallStart = date.toPlainDateTime(Temporal.PlainTime.from(start))
  const startMs = firstInstantOf(wallStart, timeZone)
  const clockEndMs = firstInstantOf(wallStart.add({ minutes: durationMinutes }), timeZone)
  // A repeated hour makes the clock's end later than the duration's; a skipped one makes it earlier.
  const endMs = Math.min(startMs + durationMinutes * 60_000, clockEndMs)
  return endMs > startMs ? { startMs, endMs } : undefined
}

/** The first instant at which the clock shows this time or a later one. */
function firstInstantOf(wall: Temporal.PlainDateTime, timeZone: string): number {
  const zoned = wall.toZonedDateTime(timeZone)
  if (zoned.toPlainDateTime().equals(wall)) return zoned.epochMilliseconds
  return zoned.getTimeZoneTransition('previous')?.epochMilliseconds ?? zoned.epochMilliseconds
}

/** Spans in order, those that touch or overlap made one. */
export function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = []
  for (const span of spans.toSorted((left, right) => left.startMs - right.startMs || left.endMs - right.endMs)) {
    const last = result.at(-1)
    if (last && span.startMs <= last.endMs)
      result[result.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, span.endMs) }
    else result.push(span)
  }
  return result
}

/** What lies in a span of both lists; both must be in order and free of overlaps. */
export function intersection(left: readonly Span[], right: readonly Span[]): Span[] {
  const result: Span[] = []
  for (let i = 0, j = 0; ; ) {
    const [one, other] = [left[i], right[j]]
    if (!one || !other) return result
    const startMs = Math.max(one.startMs, other.startMs)
    const endMs = Math.min(one.endMs, other.endMs)
    if (startMs < endMs) result.push({ startMs, endMs })
    if (one.endMs < other.endMs) i++
    else j++
  }
}

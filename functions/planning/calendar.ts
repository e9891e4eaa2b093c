/** Windows, freezes and calendars: may work of a given length start at an instant? Anything unreadable says no. */
import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import type { Catalogue, Window } from '../catalogue/index.ts'

export type CalendarVerdict =
  | { readonly verdict: 'go'; readonly windowEndsAt?: string }
  | { readonly verdict: 'hold'; readonly because: string; readonly until?: string }

export interface CalendarQuestion {
  readonly service: string
  readonly windows: readonly Window[]
  readonly freezes: Catalogue['freezes']
  readonly calendars: Catalogue['calendars']
  readonly nowIso: string
  readonly durationSeconds: number
}

interface Span {
  readonly startMs: number
  readonly endMs: number
  readonly name: string
}

const dayMs = 86_400_000
/** How far ahead an opening is looked for. */
const horizonDays = 400
/** Occurrences of one calendar that are expanded; a denser one is refused. */
const occurrencesMax = 1_000
const calendarCharactersMax = 1_000_000
const hold = (because: string, untilMs?: number): CalendarVerdict => ({
  verdict: 'hold',
  because,
  ...(untilMs === undefined ? {} : { until: iso(untilMs) }),
})
const iso = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString({ fractionalSecondDigits: 3 })
const msOf = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds

/**
 * Whether work of `durationSeconds` may start now: inside a window with room to finish, and neither in a freeze nor running into one.
 *
 * A window that starts in an hour that daylight saving skips opens when the skipped hour is over; one in a repeated hour opens at its first pass.
 */
export function mayStart(question: CalendarQuestion): CalendarVerdict {
  const nowMs = msOf(question.nowIso)
  const closed = closedSpans(question, nowMs)
  if ('unreadable' in closed) return hold(closed.unreadable)
  const endMs = nowMs + question.durationSeconds * 1000
  const inTheWay = closed.find((span) => span.startMs < endMs && span.endMs > nowMs)
  const opening = nextOpeningMs(question, closed, nowMs)
  if (inTheWay) {
    const what =
      inTheWay.startMs <= nowMs ? `in ${inTheWay.name}` : `would run into ${inTheWay.name} at ${iso(inTheWay.startMs)}`
    return hold(what, opening)
  }
  if (question.windows.length === 0) return { verdict: 'go' }
  const window = windowSpans(question.windows, nowMs - 2 * dayMs, nowMs + dayMs).find(
    (span) => span.startMs <= nowMs && span.endMs > nowMs,
  )
  if (!window)
    return hold(
      opening === undefined
        ? `no window of ${question.service} in the next ${horizonDays} days can hold ${question.durationSeconds} s of work`
        : 'outside the maintenance window',
      opening,
    )
  if (window.endMs < endMs)
    return hold(
      `${question.durationSeconds} s of work do not fit before the window closes at ${iso(window.endMs)}`,
      opening,
    )
  return { verdict: 'go', windowEndsAt: iso(window.endMs) }
}

/** The first instant from `nowMs` at which the work may start; undefined where the horizon holds none. */
function nextOpeningMs(question: CalendarQuestion, closed: readonly Span[], nowMs: number): number | undefined {
  const durationMs = question.durationSeconds * 1000
  const spans =
    question.windows.length === 0
      ? [{ startMs: nowMs, endMs: nowMs + horizonDays * dayMs, name: 'any time' }]
      : windowSpans(question.windows, nowMs - 2 * dayMs, nowMs + horizonDays * dayMs)
  for (const span of spans) {
    let startMs = Math.max(span.startMs, nowMs)
    for (const blocked of closed)
      if (blocked.startMs < startMs + durationMs && blocked.endMs > startMs) startMs = blocked.endMs
    if (startMs + durationMs <= span.endMs) return startMs
  }
  return undefined
}

function closedSpans(
  { service, freezes, calendars }: CalendarQuestion,
  nowMs: number,
): Span[] | { unreadable: string } {
  const spans: Span[] = freezes
    .filter(({ services }) => services.length === 0 || services.includes(service))
    .map(({ name, start, end, reason }) => ({
      startMs: msOf(start),
      endMs: msOf(end),
      name: `freeze ${name} (${reason})`,
    }))
  for (const { name, services, ics } of calendars) {
    if (services.length > 0 && !services.includes(service)) continue
    const read = calendarSpans(name, ics, nowMs)
    if ('unreadable' in read) return read
    spans.push(...read)
  }
  return spans.toSorted((left, right) => left.startMs - right.startMs)
}

/** Events of an iCalendar text as closed spans. Capped: dense rules, huge texts and unknown time zones count as closed. */
export function calendarSpans(name: string, ics: string, nowMs: number): Span[] | { unreadable: string } {
  const unreadable = (because: string) => ({
    unreadable: `calendar ${name} cannot be read (${because}), so it counts as closed`,
  })
  if (ics.length > calendarCharactersMax) return unreadable(`${ics.length} characters`)
  try {
    const calendar = new ICAL.Component(ICAL.parse(ics))
    const zones = new Set(
      calendar.getAllSubcomponents('vtimezone').map((zone) => String(zone.getFirstPropertyValue('tzid'))),
    )
    const spans: Span[] = []
    for (const component of calendar.getAllSubcomponents('vevent')) {
      const zone = component.getFirstProperty('dtstart')?.getFirstParameter('tzid')
      if (zone && !zones.has(zone)) return unreadable(`time zone ${zone} is not defined in it`)
      const found = eventSpans(new ICAL.Event(component), name, nowMs)
      if (found === 'too-dense')
        return unreadable(`an event repeats more than ${occurrencesMax} times or more often than hourly`)
      spans.push(...found)
    }
    return spans
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error))
  }
}

function eventSpans(event: ICAL.Event, name: string, nowMs: number): Span[] | 'too-dense' {
  const lengthMs = event.duration.toSeconds() * 1000
  const label = `calendar ${name}`
  const startOf = (time: ICAL.Time) => time.toJSDate().getTime()
  if (!event.isRecurring())
    return [{ startMs: startOf(event.startDate), endMs: startOf(event.startDate) + lengthMs, name: label }]
  if (Object.keys(event.getRecurrenceTypes()).some((frequency) => ['SECONDLY', 'MINUTELY'].includes(frequency)))
    return 'too-dense'
  const spans: Span[] = []
  const iterator = event.iterator()
  for (let count = 0; ; count++) {
    const next = iterator.next()
    if (!next) return spans
    const startMs = startOf(next)
    if (startMs > nowMs + horizonDays * dayMs) return spans
    // Daily rules that began years ago are walked through, not kept.
    if (startMs + lengthMs >= nowMs) spans.push({ startMs, endMs: startMs + lengthMs, name: label })
    if (spans.length > occurrencesMax || count > 20 * occurrencesMax) return 'too-dense'
  }
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** The weekly windows as instants, in order. Wall-clock times are the service's own; daylight saving moves the instants, not the clock. */
export function windowSpans(windows: readonly Window[], fromMs: number, untilMs: number): Span[] {
  const spans: Span[] = []
  for (const window of windows) {
    const first = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(window.timeZone).toPlainDate()
    const days = Math.ceil((untilMs - fromMs) / dayMs) + 1
    for (let day = 0; day <= days; day++) {
      const date = first.add({ days: day })
      const weekday = weekdays[date.dayOfWeek - 1]
      if (!weekday || !window.days.includes(weekday)) continue
      const startMs = date.toZonedDateTime({
        timeZone: window.timeZone,
        plainTime: Temporal.PlainTime.from(window.start),
      }).epochMilliseconds
      spans.push({ startMs, endMs: startMs + window.durationMinutes * 60_000, name: 'window' })
    }
  }
  return spans.toSorted((left, right) => left.startMs - right.startMs)
}

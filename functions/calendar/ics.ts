/** Reads iCalendar texts as closed spans. Whatever is too large, too dense or unclear is unreadable, and unreadable means closed. */
import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import { ruleProblem } from './ics-rule.ts'

export interface ClosedSpan {
  readonly startMs: number
  readonly endMs: number
}

export interface UnreadableIcs {
  readonly unreadable: string
  /** Line of the text, from 1, where one can be named. */
  readonly line?: number
}

const charactersMax = 1_000_000
const eventsMax = 2_000
/** EXDATE and RDATE values of the whole text. */
const exceptionsMax = 5_000
/** Occurrences inside the horizon. */
const occurrencesMax = 1_000
/** Occurrences walked through from the start of old rules, over all events. */
const stepsMax = 20_000

const unreadable = (because: string, line?: number): UnreadableIcs => ({
  unreadable: because,
  ...(line === undefined ? {} : { line }),
})

/** Line of the first of these texts that stands in the calendar. */
function lineOf(ics: string, ...needles: readonly string[]): number | undefined {
  const at = needles.map((needle) => ics.indexOf(needle)).find((index) => index >= 0)
  return at === undefined ? undefined : ics.slice(0, at).split('\n').length
}

/** What is wrong with a calendar whatever the instant; undefined where it can be read. */
export function checkIcs(ics: string): UnreadableIcs | undefined {
  const read = readCalendar(ics)
  return 'unreadable' in read ? read : undefined
}

/**
 * The events that touch `fromMs` to `untilMs` as closed spans.
 *
 * @param zones where floating and all-day times are read: an event is closed from its earliest start to its latest end over these zones.
 */
export function icsSpans(
  ics: string,
  { fromMs, untilMs, zones }: { fromMs: number; untilMs: number; zones: readonly string[] },
): readonly ClosedSpan[] | UnreadableIcs {
  const read = readCalendar(ics)
  if ('unreadable' in read) return read
  try {
    return expand(read.events, { fromMs, untilMs, zones: zones.length === 0 ? ['UTC'] : zones })
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error))
  }
}

function readCalendar(ics: string): { readonly events: readonly ICAL.Component[] } | UnreadableIcs {
  if (ics.length > charactersMax) return unreadable(`${ics.length} characters, ${charactersMax} are read`)
  try {
    const parsed: unknown = ICAL.parse(ics)
    if (!Array.isArray(parsed) || parsed[0] !== 'vcalendar') return unreadable('no single VCALENDAR', 1)
    const calendar = new ICAL.Component(parsed)
    return problemOf(calendar, ics) ?? { events: calendar.getAllSubcomponents('vevent') }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const quoted = /"([^"]+)"$/.exec(message)?.[1]
    return unreadable(message, quoted === undefined ? undefined : lineOf(ics, quoted))
  }
}

function problemOf(calendar: ICAL.Component, ics: string): UnreadableIcs | undefined {
  const events = calendar.getAllSubcomponents('vevent')
  if (events.length > eventsMax) return unreadable(`${events.length} events, ${eventsMax} are read`)
  const zoneParts = calendar
    .getAllSubcomponents('vtimezone')
    .flatMap((zone) => [...zone.getAllSubcomponents('standard'), ...zone.getAllSubcomponents('daylight')])
  const parts = [...events, ...zoneParts]
  const exceptions = parts.flatMap((part) => [...part.getAllProperties('exdate'), ...part.getAllProperties('rdate')])
  const values = exceptions.reduce((sum, property) => sum + property.getValues().length, 0)
  if (values > exceptionsMax)
    return unreadable(`${values} single dates, ${exceptionsMax} are read`, lineOf(ics, 'EXDATE', 'RDATE'))
  const zones = new Set(
    calendar.getAllSubcomponents('vtimezone').map((zone) => String(zone.getFirstPropertyValue('tzid'))),
  )
  for (const event of events) {
    if (!event.hasProperty('dtstart')) return unreadable('an event without DTSTART', lineOf(ics, 'BEGIN:VEVENT'))
    const zone = event
      .getAllProperties()
      .map((property) => property.getFirstParameter('tzid'))
      .find((name) => name !== undefined && !zones.has(name))
    if (zone !== undefined)
      return unreadable(`time zone ${zone} has no VTIMEZONE`, lineOf(ics, `TZID=${zone}`, `TZID="${zone}"`))
  }
  for (const part of parts)
    for (const rule of part.getAllProperties('rrule').flatMap((property) => property.getValues())) {
      const problem = rule instanceof ICAL.Recur ? ruleProblem(rule) : 'a repetition rule that is none'
      if (problem !== undefined) return unreadable(problem, lineOf(ics, `RRULE:${String(rule)}`, 'RRULE'))
    }
  return undefined
}

interface Range {
  readonly fromMs: number
  readonly untilMs: number
  readonly zones: readonly string[]
}

function expand(components: readonly ICAL.Component[], range: Range): readonly ClosedSpan[] | UnreadableIcs {
  const spans: ClosedSpan[] = []
  let steps = 0
  const keep = (event: ICAL.Event, start: ICAL.Time, end: ICAL.Time): boolean => {
    const span = spanOf(start, end, range.zones)
    const isCancelled = String(event.component.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED'
    if (!isCancelled && span.endMs > range.fromMs && span.startMs < range.untilMs) spans.push(span)
    return span.startMs < range.untilMs
  }
  for (const event of mastersOf(components)) {
    if (!event.isRecurring()) {
      keep(event, event.startDate, event.endDate)
      continue
    }
    const iterator = event.iterator()
    for (let next = iterator.next(); next; next = iterator.next()) {
      const { item, startDate, endDate } = event.getOccurrenceDetails(next)
      steps++
      if (steps > stepsMax || spans.length > occurrencesMax)
        return unreadable(`events repeat too often: at most ${occurrencesMax} occurrences in the horizon are read`)
      // A moved occurrence may lie anywhere, so the rule's own time decides whether the horizon is reached.
      keep(item, startDate, endDate)
      if (spanOf(next, next, range.zones).startMs >= range.untilMs) break
    }
  }
  return spans.length > occurrencesMax
    ? unreadable(`more than ${occurrencesMax} occurrences in the horizon`)
    : spans.toSorted((left, right) => left.startMs - right.startMs || left.endMs - right.endMs)
}

/** Events, each with its moved occurrences attached; a moved occurrence without its event stands for itself. */
function mastersOf(components: readonly ICAL.Component[]): ICAL.Event[] {
  const uidOf = (component: ICAL.Component) => String(component.getFirstPropertyValue('uid'))
  const isMoved = (component: ICAL.Component) => component.hasProperty('recurrence-id')
  const masters = new Set(components.filter((component) => !isMoved(component)).map(uidOf))
  return components
    .filter((component) => !isMoved(component) || !masters.has(uidOf(component)))
    .map((component) => new ICAL.Event(component))
}

function spanOf(start: ICAL.Time, end: ICAL.Time, zones: readonly string[]): ClosedSpan {
  const startMs = Math.min(...instantsOf(start, zones))
  const endMs = Math.max(...instantsOf(end, zones))
  if (endMs < startMs) throw new Error(`an event ends (${end.toString()}) before it starts (${start.toString()})`)
  return { startMs, endMs }
}

/** Floating times and dates have no zone of their own: the library would take the machine's, so they are read in the zones given. */
function instantsOf(time: ICAL.Time, zones: readonly string[]): number[] {
  if (!time.isDate && time.zone?.tzid !== 'floating') return [time.toUnixTime() * 1000]
  const { year, month, day, hour, minute, second } = time
  const plain = Temporal.PlainDateTime.from(
    time.isDate ? { year, month, day } : { year, month, day, hour, minute, second },
  )
  return zones.map((zone) => plain.toZonedDateTime(zone).epochMilliseconds)
}

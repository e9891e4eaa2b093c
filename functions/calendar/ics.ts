/** Reads iCalendar texts as closed spans. Whatever cannot be shown to be understood is unreadable, and unreadable means closed (I20). */
import { dayMs } from './civil.ts'
import { type Component, onlyProperty, readComponents } from './content-lines.ts'
import { type CalendarEvent, type Occurrence, readEvent } from './event.ts'
import { lastsMsMax, occurrencesOf, type Range, zonesOf } from './occurrences.ts'
import { stepsMax } from './rule-days.ts'
import { answerOf, Unreadable, type UnreadableIcs } from './unreadable.ts'
import { instantsOf, type Zone, Zones, zoneAsked } from './zone.ts'

export type { UnreadableIcs } from './unreadable.ts'

/** A time that a calendar closes, in milliseconds since the epoch. */
export interface ClosedSpan {
  readonly startMs: number
  readonly endMs: number
}

/** From when to when closed times are asked for, in milliseconds since the epoch. */
export interface IcsRange {
  readonly fromMs: number
  readonly untilMs: number
  /** Where floating times and whole days are read: closed from the earliest start to the latest end over these zones; none: UTC. */
  readonly zones: readonly string[]
}

const eventsMax = 2_000
/** EXDATE and RDATE values of the whole text. */
const exceptionsMax = 5_000
/** Closed spans within the range. */
const spansMax = 5_000
/** What is looked at before and behind the range of a calendar that is closed by default, so that its ends stay closed. */
const marginMs = 2 * dayMs

interface Calendar {
  readonly isClosedByDefault: boolean
  readonly events: readonly CalendarEvent[]
  readonly zones: Zones
  readonly ownZone: string | undefined
}

/**
 * What is wrong with a calendar; undefined where it can be read.
 *
 * @param range given, it is expanded as well, and what `icsSpans` would refuse is refused.
 */
export function checkIcs(ics: string, range?: IcsRange): UnreadableIcs | undefined {
  const read = range ? icsSpans(ics, range) : answerOf(() => readCalendars(ics))
  return 'unreadable' in read ? read : undefined
}

/**
 * When a calendar is closed between `fromMs` and `untilMs`, in order of the starts; spans may overlap and reach beyond.
 *
 * Events close; in a calendar of SSM's type `DEFAULT_CLOSED` they open, and the time between them is closed. Where RFC 5545
 * can be read in two ways, it is closed for both.
 */
export function icsSpans(ics: string, range: IcsRange): readonly ClosedSpan[] | UnreadableIcs {
  return answerOf(() => {
    const budget = { steps: stepsMax }
    const spans = readCalendars(ics).flatMap((calendar) => closedSpans(calendar, range, budget))
    if (spans.length > spansMax)
      throw new Unreadable(`more than ${spansMax} closed times`, undefined, 'split the calendar')
    return spans.toSorted((left, right) => left.startMs - right.startMs || left.endMs - right.endMs)
  })
}

function readCalendars(ics: string): Calendar[] {
  const components = readComponents(ics)
  const other = components.find(({ name }) => name !== 'VCALENDAR')
  if (other) throw new Unreadable(`${other.name} outside of a VCALENDAR`, other.line)
  if (components.length === 0) throw new Unreadable('no calendar at all', 1, 'a calendar starts with BEGIN:VCALENDAR')
  const inside = components.flatMap((one) => one.components)
  if (inside.length > eventsMax)
    throw new Unreadable(`${inside.length} events, ${eventsMax} are read`, undefined, 'split the calendar')
  const dates = inside
    .flatMap(({ properties }) => properties)
    .filter(({ name }) => name === 'EXDATE' || name === 'RDATE')
  const values = dates.reduce((sum, { value }) => sum + value.split(',', exceptionsMax + 1).length, 0)
  if (values > exceptionsMax)
    throw new Unreadable(`more than ${exceptionsMax} single dates`, dates[0]?.line, 'split the calendar')
  return components.map(readCalendar)
}

function readCalendar(component: Component): Calendar {
  const isClosedByDefault = typeOf(component) === 'DEFAULT_CLOSED'
  checkHead(component)
  const { components, line } = component
  const zones = new Zones(components.filter(({ name }) => name === 'VTIMEZONE'))
  const events = components.filter(({ name }) => name === 'VEVENT').map((event) => readEvent(event, zones))
  const other = components.find(
    (one) => one.name !== 'VTIMEZONE' && one.name !== 'VEVENT' && !isPlaceholder(component, one),
  )
  if (other)
    throw new Unreadable(
      `the calendar holds ${other.name}, which is no event`,
      other.line,
      'write what closes as VEVENT',
    )
  if (components.every(({ name }) => name === 'VTIMEZONE'))
    throw new Unreadable('the calendar has no event', line, 'take the calendar out of the catalogue, or give it events')
  return { isClosedByDefault, events, zones, ownZone: onlyProperty(component, 'X-WR-TIMEZONE')?.value.trim() }
}

const propertiesRead = ['VERSION', 'PRODID', 'CALSCALE', 'METHOD']
const propertiesIgnored = [
  'NAME',
  'DESCRIPTION',
  'UID',
  'URL',
  'LAST-MODIFIED',
  'CATEGORIES',
  'REFRESH-INTERVAL',
  'SOURCE',
  'COLOR',
  'IMAGE',
]

function checkHead(component: Component): void {
  const expect = (name: string, values: readonly string[]) => {
    const property = onlyProperty(component, name)
    if (property && !values.includes(property.value.trim().toUpperCase()))
      throw new Unreadable(
        `${name} is ${property.value.slice(0, 40)}, only ${values.join(' and ')} is read`,
        property.line,
      )
  }
  expect('VERSION', ['2.0'])
  expect('CALSCALE', ['GREGORIAN'])
  expect('METHOD', ['PUBLISH', 'REQUEST'])
  for (const { name, line, value } of component.properties) {
    const isKnown = propertiesRead.includes(name) || propertiesIgnored.includes(name) || name.startsWith('X-')
    if (!isKnown) throw new Unreadable(`the calendar has the unknown property ${name}`, line)
    if (name !== 'X-CALENDAR-TYPE' && /DEFAULT_?(?:OPEN|CLOSED)/i.test(value))
      throw new Unreadable(`${name} is ${value.slice(0, 40)}, which is for X-CALENDAR-TYPE to say`, line)
  }
}

const isOfChangeCalendar = (component: Component) =>
  component.properties.some(({ name, value }) => name === 'PRODID' && /\/\/AWS\/\/Change Calendar/i.test(value))

/** SSM's two types; a calendar made elsewhere is open but for its events. */
function typeOf(component: Component): string {
  const type = onlyProperty(component, 'X-CALENDAR-TYPE')
  const value = type?.value.trim().toUpperCase() ?? (isOfChangeCalendar(component) ? 'missing' : 'DEFAULT_OPEN')
  if (value !== 'DEFAULT_OPEN' && value !== 'DEFAULT_CLOSED')
    throw new Unreadable(
      `X-CALENDAR-TYPE is ${value.slice(0, 40)}`,
      type?.line ?? component.line,
      'write DEFAULT_OPEN (events close) or DEFAULT_CLOSED (events open)',
    )
  return value
}

/** SSM puts a VTODO without any time into a new calendar. */
const isPlaceholder = (calendar: Component, { name, properties }: Component) =>
  name === 'VTODO' &&
  isOfChangeCalendar(calendar) &&
  properties.every((one) => ['DTSTAMP', 'UID', 'SUMMARY'].includes(one.name))

function closedSpans(calendar: Calendar, { fromMs, untilMs, zones }: IcsRange, budget: Range['budget']): ClosedSpan[] {
  const { isClosedByDefault, ownZone } = calendar
  const names = [...(zones.length === 0 ? ['UTC'] : zones), ...(ownZone === undefined ? [] : [ownZone])]
  const margin = isClosedByDefault ? marginMs : 0
  const range = { fromMs: fromMs - margin, untilMs: untilMs + margin, budget, isOpening: isClosedByDefault }
  const isFloating = calendar.events.some(({ start, added }) => !start.zone || added.some((one) => !one.start.zone))
  const readIn = isFloating ? [...new Set(names)].map(zoneAsked) : []
  const spans = eventSpans(calendar, { ...range, zones: readIn })
  return isClosedByDefault ? between(spans, range) : spans
}

function eventSpans({ events, isClosedByDefault }: Calendar, range: Range): ClosedSpan[] {
  const moved = events.filter(({ replaces }) => replaces)
  const masters = events.filter(({ replaces }) => !replaces)
  if (isClosedByDefault) checkLinks(masters, moved)
  const byUid = Map.groupBy(moved, ({ uid }) => uid)
  const counts = (event: CalendarEvent) => !event.isCancelled && (!isClosedByDefault || event.isFirm)
  const spans: ClosedSpan[] = []
  const add = (event: CalendarEvent, occurrences: readonly Occurrence[]) => {
    for (const occurrence of occurrences) {
      const span = spanOf(occurrence, event, range)
      if (span) spans.push(span)
      if (spans.length > spansMax) throw new Unreadable(`more than ${spansMax} times`, event.line, 'split the calendar')
    }
  }
  for (const event of masters.filter(counts)) {
    const own = event.uid === undefined ? [] : (byUid.get(event.uid) ?? [])
    add(event, occurrencesOf(event, own, range))
  }
  for (const event of moved.filter(counts)) add(event, [event])
  return spans
}

/** What opens must be sure of what it replaces. */
function checkLinks(masters: readonly CalendarEvent[], moved: readonly CalendarEvent[]): void {
  const uids = masters.map(({ uid }) => uid)
  const twice = masters.find(({ uid }, index) => uids.indexOf(uid) !== index)
  if (twice)
    throw new Unreadable('two events have the same UID, or none', twice.line, 'give each event a UID of its own')
  const lost = moved.find(({ uid, replaces }) => !uids.includes(uid) || replaces?.isAndFuture)
  if (lost) throw new Unreadable('RECURRENCE-ID in a calendar that is closed by default is not read here', lost.line)
}

const earliestInstant = (wallMs: number, zone: Zone) => instantsOf(wallMs, zone)[0]
const latestInstant = (wallMs: number, zone: Zone) => instantsOf(wallMs, zone)[1]

/** The time that an occurrence takes; undefined outside of the range. */
function spanOf(occurrence: Occurrence, event: CalendarEvent, range: Range): ClosedSpan | undefined {
  const { start, length } = occurrence
  const lastsMs = lastsMsMax(occurrence)
  if (start.wallMs - dayMs >= range.untilMs || start.wallMs + lastsMs + dayMs <= range.fromMs) return undefined
  const isFirst = start.wallMs === event.start.wallMs
  const [startsAt, endsAt, latestOf] = range.isOpening
    ? [latestInstant, earliestInstant, Math.min]
    : [earliestInstant, latestInstant, Math.max]
  const spans = zonesOf(start, range).map((zone) => {
    const startMs = startsAt(start.wallMs, zone)
    const onClockMs = endsAt(start.wallMs + lastsMs, zone)
    if (start.isDate) return { startMs, endMs: onClockMs }
    if ('end' in length && length.end.zone && length.end.zone.name !== zone.name)
      return { startMs, endMs: endsAt(length.end.wallMs, length.end.zone) }
    if (isFirst && 'end' in length && onClockMs > startMs) return { startMs, endMs: onClockMs }
    const { days, seconds } = 'end' in length ? { days: 0, seconds: lastsMs / 1000 } : length.duration
    return { startMs, endMs: latestOf(onClockMs, endsAt(start.wallMs + days * dayMs, zone) + seconds * 1000) }
  })
  const [earliest, latest] = range.isOpening ? [Math.max, Math.min] : [Math.min, Math.max]
  const startMs = earliest(...spans.map((span) => span.startMs))
  const endMs = latest(...spans.map((span) => span.endMs))
  if (endMs <= startMs && !range.isOpening) throw new Unreadable('an event ends before it starts', event.line)
  return endMs > startMs && endMs > range.fromMs && startMs < range.untilMs ? { startMs, endMs } : undefined
}

/** What lies between open spans. */
function between(open: readonly ClosedSpan[], { fromMs, untilMs }: { fromMs: number; untilMs: number }): ClosedSpan[] {
  const closed: ClosedSpan[] = []
  let closedSinceMs = fromMs
  for (const { startMs, endMs } of open.toSorted((left, right) => left.startMs - right.startMs)) {
    if (startMs > closedSinceMs) closed.push({ startMs: closedSinceMs, endMs: startMs })
    closedSinceMs = Math.max(closedSinceMs, endMs)
  }
  return closedSinceMs < untilMs ? [...closed, { startMs: closedSinceMs, endMs: untilMs }] : closed
}

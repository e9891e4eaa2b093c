/** What is closed, and by what: freezes, calendars as text, and calendars that SSM keeps. */
import { Temporal } from 'temporal-polyfill'
import type { Freeze, NamedCalendar } from './freeze.ts'
import { icsSpans } from './ics.ts'
import { type CalendarReadings, closedIn } from './reading.ts'
import { sentenceOf } from './unreadable.ts'
import type { Window } from './window.ts'
import { joined, type Span } from './windows.ts'

/** A closed time and what closes it. */
export interface Closed extends Span {
  readonly name: string
}

export interface ClosureQuestion {
  readonly services: readonly { readonly name: string; readonly windows: readonly Window[] }[]
  readonly freezes: readonly Freeze[]
  readonly calendars: readonly NamedCalendar[]
  /** What SSM said of the calendars that it keeps; one that is missing counts as closed. */
  readonly readings?: CalendarReadings | undefined
  readonly fromMs: number
  readonly untilMs: number
}

type Unread = { readonly unreadable: string }

/** How far ahead closures and openings are looked for, in days. */
export const horizonDays = 400
/** How far ahead calendars are expanded, in days: what begins behind the horizon may still be in the way of what starts before it. */
export const expandedDays = horizonDays + 2

/** Where a calendar's whole days and floating times are read: the zones of the windows of the services it concerns. */
export const zonesFor = (
  { services: names }: { readonly services: readonly string[] },
  services: readonly { readonly name: string; readonly windows: readonly Window[] }[],
): string[] => {
  const concerned = services.filter(({ name }) => names.length === 0 || names.includes(name))
  return [...new Set(concerned.flatMap(({ windows }) => windows.map(({ timeZone }) => timeZone)))].sort()
}

/** Every closed time of these services that touches the range, in order of the starts; or what cannot be read. */
export function closedSpans(question: ClosureQuestion): Closed[] | Unread {
  const names = question.services.map(({ name }) => name)
  const concerns = (entry: { readonly services: readonly string[] }) =>
    entry.services.length === 0 || entry.services.some((name) => names.includes(name))
  const spans: Closed[] = []
  for (const entry of [...question.freezes, ...question.calendars].filter(concerns)) {
    const read = 'start' in entry ? freezeSpans(entry, question) : calendarSpans(entry, question)
    if ('unreadable' in read) return read
    spans.push(...read)
  }
  return spans.toSorted((left, right) => left.startMs - right.startMs || left.endMs - right.endMs)
}

function freezeSpans({ name, start, end, reason }: Freeze, { fromMs, untilMs }: ClosureQuestion): Closed[] | Unread {
  const [startMs, endMs] = [start, end].map(msOf)
  if (startMs === undefined || endMs === undefined || endMs <= startMs)
    return { unreadable: `freeze ${name} cannot be read (${start} to ${end}), so it counts as closed` }
  return endMs > fromMs && startMs < untilMs ? [{ startMs, endMs, name: `freeze ${name} (${reason})` }] : []
}

function msOf(instant: string): number | undefined {
  try {
    return Temporal.Instant.from(instant).epochMilliseconds
  } catch {
    return undefined
  }
}

/** The closed times of one calendar; or why it counts as closed. */
export function calendarSpans(calendar: NamedCalendar, question: ClosureQuestion): Closed[] | Unread {
  const { name, ics, ssm } = calendar
  const { services, fromMs, untilMs } = question
  const closed = (spans: readonly Span[]) => spans.map((span) => ({ ...span, name: `calendar ${name}` }))
  const unread = (why: string) => ({ unreadable: `calendar ${name} cannot be read (${why}), so it counts as closed` })
  if (ics !== undefined) {
    const read = icsSpans(ics, { fromMs, untilMs, zones: zonesFor({ services: [] }, services) })
    return 'unreadable' in read ? unread(sentenceOf(read)) : closed(read)
  }
  const reading = ssm === undefined ? undefined : question.readings?.get(ssm)
  if (!reading) return unread(`the state of ${ssm ?? 'nothing'} was not asked for`)
  return 'unknown' in reading ? unread(reading.unknown) : closed(closedIn(reading, fromMs, untilMs))
}

/** The next closed times of a calendar within 400 days from `nowMs` on, those that touch made one; or why it counts as closed. */
export function nextClosures(
  calendar: NamedCalendar,
  { nowMs, ...question }: Pick<ClosureQuestion, 'services' | 'readings'> & { readonly nowMs: number },
  count: number,
): readonly Span[] | Unread {
  const concerned = question.services.filter(
    ({ name }) => calendar.services.length === 0 || calendar.services.includes(name),
  )
  const untilMs = nowMs + horizonDays * 86_400_000
  const range = { freezes: [], calendars: [], fromMs: nowMs, untilMs }
  const read = calendarSpans(calendar, { ...question, ...range, services: concerned })
  if ('unreadable' in read) return read
  const clipped = read.map((span) => ({ startMs: Math.max(span.startMs, nowMs), endMs: Math.min(span.endMs, untilMs) }))
  return joined(clipped).slice(0, count)
}

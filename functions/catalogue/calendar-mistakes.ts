/** Mistakes in calendars: the check refuses whatever a run would refuse. */
import {
  checkIcs,
  expandedDays,
  type NamedCalendar,
  nextClosures,
  type Span,
  sentenceOf,
  zonesFor,
} from '../calendar/index.ts'
import type { Catalogue } from './catalogue.ts'
import { type Mistake, unknown } from './mistake.ts'

const dayMs = 86_400_000

/** @param nowMs if given, calendars are expanded over the next 400 days, as a run would. */
export function calendarMistakes({ calendars, services }: Catalogue, nowMs?: number): Mistake[] {
  const names = services.map(({ name }) => name)
  return calendars.flatMap((calendar, index) => [
    ...calendar.services.flatMap((name, place) =>
      unknown('service', name, names, ['calendars', index, 'services', place]),
    ),
    ...(calendar.ics === undefined ? [] : textMistakes(calendar, calendar.ics, { services, index, nowMs })),
  ])
}

interface Place {
  readonly services: Catalogue['services']
  readonly index: number
  readonly nowMs: number | undefined
}

function textMistakes(calendar: NamedCalendar, ics: string, { services, index, nowMs }: Place): Mistake[] {
  const range =
    nowMs === undefined
      ? undefined
      : { fromMs: nowMs, untilMs: nowMs + expandedDays * dayMs, zones: zonesFor(calendar, services) }
  const problem = checkIcs(ics, range)
  if (!problem) return []
  const { line, ...rest } = problem
  const where = line === undefined ? '' : ` in line ${line} of it`
  return [
    {
      path: ['calendars', index, 'ics'],
      message: `the calendar cannot be read: ${sentenceOf({ ...rest, unreadable: `${rest.unreadable}${where}` })}`,
      ...(line === undefined ? {} : { lineWithin: line }),
    },
  ]
}

/** The next closed times of a calendar. */
export interface Closures {
  readonly name: string
  /** Kept by SSM, so only a run can read them. */
  readonly ssm?: string
  readonly closures: readonly Span[]
}

/** The next closures of each calendar of a catalogue, shown to the person who loads it. */
export const nextClosuresOf = ({ calendars, services }: Catalogue, nowMs: number, count: number): Closures[] =>
  calendars.map((calendar) => {
    const { name, ssm } = calendar
    if (ssm !== undefined) return { name, ssm, closures: [] }
    const read = nextClosures(calendar, { services, nowMs }, count)
    return { name, closures: 'unreadable' in read ? [] : read }
  })

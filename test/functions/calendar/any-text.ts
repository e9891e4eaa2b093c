/** Calendar text for the tests of the reader's parts. */
import { type Component, readComponents } from '../../../functions/calendar/content-lines.ts'
import { type CalendarEvent, readEvent } from '../../../functions/calendar/event.ts'
import { Zones } from '../../../functions/calendar/zone.ts'

/** The one component that lines between BEGIN and END make. */
export function anyComponent(name: string, lines: readonly string[]): Component {
  const [component] = readComponents([`BEGIN:${name}`, ...lines, `END:${name}`].join('\n'))
  if (!component) throw new Error(`no ${name}`)
  return component
}

export const anyEvent = (...lines: readonly string[]): CalendarEvent =>
  readEvent(anyComponent('VEVENT', ['UID:1', ...lines]), new Zones([]))

/** Clock changes of Berlin as a VTIMEZONE of another name has them. */
export const berlinLines = (name: string, ...more: readonly string[]): readonly string[] => [
  `TZID:${name}`,
  ...more,
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:19700329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'END:DAYLIGHT',
]

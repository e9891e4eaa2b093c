/** Moments and durations of iCalendar (RFC 5545, 3.3.4 to 3.3.6). */
import { readWall } from './civil.ts'
import type { Property } from './content-lines.ts'
import { Unreadable } from './unreadable.ts'
import { utc, type Zone, type Zones } from './zone.ts'

/** A time as its author wrote it. */
export interface Moment {
  /** Milliseconds of the wall clock, counted as if it were UTC. */
  readonly wallMs: number
  /** A whole day, without a time. */
  readonly isDate: boolean
  /** Absent: floating, to be read in the zone of whoever asks. */
  readonly zone: Zone | undefined
}

export interface Duration {
  readonly days: number
  readonly seconds: number
}

/** Longest event, in days: ten years; longer is taken as a slip of the pen. */
export const durationDaysMax = 3_660
/** The moment that a value of a property is, in the zone that its TZID names. */
export function readMoment(property: Property, text: string, zones: Zones): Moment {
  const { parameters, line, name } = property
  const { wallMs, isDate, isUtc } = readWall(text, line)
  const type = parameters.get('VALUE')?.toUpperCase()
  const zoneName = parameters.get('TZID')
  if (type !== undefined && type !== 'PERIOD' && type !== (isDate ? 'DATE' : 'DATE-TIME'))
    throw new Unreadable(`${name} is ${text} and says VALUE=${type}`, line)
  if (zoneName === undefined) return { wallMs, isDate, zone: isUtc ? utc : undefined }
  if (isDate) throw new Unreadable(`${name} is a whole day and names a time zone`, line, 'leave TZID out')
  if (isUtc) throw new Unreadable(`${name} is in UTC (Z) and names ${zoneName} as well`, line, 'leave one of them out')
  return { wallMs, isDate, zone: zones.named(zoneName, line) }
}

/** Refuses parameters of a date that could change what it means. */
export function checkParameters({ name, parameters, line }: Property, more: readonly string[] = []): void {
  const known = ['VALUE', 'TZID', ...more]
  const other = [...parameters.keys()].find((key) => !known.includes(key) && !key.startsWith('X-'))
  if (other !== undefined) throw new Unreadable(`${name} has the unknown parameter ${other}`, line)
}

const durationPattern = /^\+?P(?:(\d{1,6})W|(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?)$/

/** How long something lasts. @throws Unreadable where it is negative, or longer than ten years. */
export function readDuration(text: string, line: number): Duration {
  const match = text.length > 3 || /^\+?P\d[WD]$/.test(text) ? durationPattern.exec(text) : null
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (match ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0))
  const duration = { days: weeks * 7 + days, seconds: (hours * 60 + minutes) * 60 + seconds }
  if (!match || duration.days + duration.seconds / 86_400 > durationDaysMax)
    throw new Unreadable(
      `"${text.slice(0, 40)}" is no duration that is read`,
      line,
      `write P1D or PT2H, at most ${durationDaysMax} days`,
    )
  return duration
}

/** Instants as text, and spans between them. Rooms that need calendars and zones use `temporal-polyfill`. */
import { DrydockError } from './errors.ts'

/** An instant in milliseconds since the epoch as ISO 8601 UTC with milliseconds. */
export const isoInstant = (ms: number): string => new Date(ms).toISOString()

/** `2026-11-24T03:30:00.000Z`: what `isoInstant` and AWS write. */
const fixedForm = { length: 24, marks: [4, 45, 7, 45, 10, 84, 13, 58, 16, 58, 19, 46, 23, 90] } as const

/** The number of `count` digits from `at`; NaN unless all are digits. */
function digitsAt(text: string, at: number, count: number): number {
  let number = 0
  for (let index = at; index < at + count; index++) {
    const digit = text.charCodeAt(index) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

/**
 * The milliseconds since the epoch of an instant in the one form that `isoInstant` writes; undefined for any other text
 * and for a nonexistent instant. Reads digit by digit, because every finding holds several.
 */
export function fixedInstantMs(text: string): number | undefined {
  const { length, marks } = fixedForm
  if (text.length !== length) return undefined
  for (let index = 0; index < marks.length; index += 2)
    if (text.charCodeAt(marks[index] ?? 0) !== marks[index + 1]) return undefined
  const [hour, minute, second] = [digitsAt(text, 11, 2), digitsAt(text, 14, 2), digitsAt(text, 17, 2)]
  const dayMs = utcDayMs(digitsAt(text, 0, 4), digitsAt(text, 5, 2), digitsAt(text, 8, 2))
  const ms = ((hour * 60 + minute) * 60 + second) * 1000 + digitsAt(text, 20, 3)
  if (dayMs === undefined || !(hour <= 23 && minute <= 59 && second <= 59 && ms >= 0)) return undefined
  return dayMs + ms
}

const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const isLeapYear = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/**
 * The first millisecond of a UTC day of the years 100 to 9999; undefined for a nonexistent day, which `Date` would roll
 * over.
 */
export function utcDayMs(year: number, month: number, day: number): number | undefined {
  const monthDays = month === 2 && !isLeapYear(year) ? 28 : daysOfMonth[month - 1]
  if (monthDays === undefined || !(day >= 1 && day <= monthDays && year >= 100)) return undefined
  return Date.UTC(year, month - 1, day)
}

const instantForm = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/

/**
 * Milliseconds since the epoch of an ISO 8601 instant; a part below a millisecond is dropped.
 *
 * @throws DrydockError DD1008 when the text is not an instant or has no zone: a local time is not an instant.
 * @see RFC 3339
 */
export function instantMs(text: string): number {
  const fixed = fixedInstantMs(text)
  if (fixed !== undefined) return fixed
  const [isInstant, year, month, day] = instantForm.exec(text) ?? []
  const isDay = isInstant && utcDayMs(Number(year), Number(month), Number(day)) !== undefined
  const ms = isDay ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new DrydockError('DD1008', `${JSON.stringify(text.slice(0, 40))} is not an ISO 8601 instant with a zone`)
  return ms
}

/**
 * The first millisecond of a day, `YYYY-MM-DD`, in UTC.
 *
 * @throws DrydockError DD1008 when the text is not a day.
 */
export const dayStartMs = (day: string): number => instantMs(`${day}T00:00:00.000Z`)

/** Milliseconds from one instant to another; negative if `to` is earlier. */
export const msBetween = (from: string, to: string): number => instantMs(to) - instantMs(from)

/** The instant `ms` after another. */
export const instantAfter = (instant: string, ms: number): string => isoInstant(instantMs(instant) + ms)

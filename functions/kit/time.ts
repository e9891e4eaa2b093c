/** Instants as text. */

/** An instant in milliseconds since the epoch as ISO 8601 UTC with milliseconds. */
export const isoInstant = (ms: number): string => new Date(ms).toISOString()

/** `2026-11-24T03:30:00.000Z`: what `isoInstant` and AWS write. */
const fixedForm = { length: 24, marks: [4, 45, 7, 45, 10, 84, 13, 58, 16, 58, 19, 46, 23, 90] } as const

/** The number that `count` digits from `at` make; NaN where one is no digit. */
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
 * and for an instant that does not exist. Reads digit by digit, because every finding holds several.
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

const daysFromYear0ToEpoch = 719_468
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The first millisecond of a UTC day; undefined for a day that does not exist. Every room imports this one: no date library. */
export function utcDayMs(year: number, month: number, day: number): number | undefined {
  const monthDays = month === 2 && !isLeapYear(year) ? 28 : daysOfMonth[month - 1]
  if (monthDays === undefined || !(day >= 1 && day <= monthDays && year >= 0)) return undefined
  return daysSinceEpoch(year, month, day) * 86_400_000
}

const isLeapYear = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Counts years from March, so that the leap day comes last, https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = (month + 9) % 12
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - daysFromYear0ToEpoch
}

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/

/**
 * The milliseconds since the epoch of an instant of ISO 8601 UTC.
 *
 * @throws RangeError when the text is none.
 */
export function instantMs(iso: string): number {
  const ms = fixedInstantMs(iso) ?? (instantForm.test(iso) ? Date.parse(iso) : Number.NaN)
  if (Number.isNaN(ms)) throw new RangeError(`"${iso.slice(0, 40)}" is no instant of UTC`)
  return ms
}

/**
 * The first millisecond of a day, `YYYY-MM-DD`, in UTC.
 *
 * @throws RangeError when the text is no day.
 */
export const dayStartMs = (day: string): number => instantMs(`${day}T00:00:00.000Z`)

/** Reads the forms in which scanners really write an instant; anything else is refused, never guessed. */
import { isoInstant } from '../kit/time.ts'

export type Timestamp =
  | { readonly iso: string; readonly isClamped: boolean }
  | { readonly refused: 'not-a-timestamp'; readonly detail: string }

const dayMs = 86_400_000
const earliestMs = 946_684_800_000
/** Numbers from here on are milliseconds: as seconds it would be the year 5138. */
const millisecondsFrom = 100_000_000_000
const lengthMax = 64
const offsetMinutesMax = 18 * 60
const daysFromYear0ToEpoch = 719_468
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const isoForm = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):?(\d{2}))?$/
const javaForm = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))? (?:UTC|GMT) (\d{4})$/
const localeForm = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2}):(\d{2})[ \u00a0\u202f](AM|PM)$/

/**
 * An instant as ISO 8601 UTC with milliseconds.
 *
 * Takes ISO 8601 (no offset means UTC), epoch seconds or milliseconds as a number, `Wed Sep 04 16:59:44.356 UTC 2024`
 * and `Dec 3, 2021, 6:02:30 PM` (UTC). Years before 2000 become the start of 2000; more than a day ahead of `nowMs`
 * becomes `nowMs`, so that a clock gone wrong cannot outrank what comes later (B15).
 */
export function parseTimestamp(value: unknown, nowMs: number): Timestamp {
  const ms = typeof value === 'number' ? fromNumber(value) : typeof value === 'string' ? fromText(value) : undefined
  if (ms === undefined) return { refused: 'not-a-timestamp', detail: `a ${typeof value} in none of the four forms` }
  if (ms < earliestMs) return { iso: isoInstant(earliestMs), isClamped: true }
  if (ms > nowMs + dayMs) return { iso: isoInstant(nowMs), isClamped: true }
  return { iso: isoInstant(ms), isClamped: false }
}

function fromNumber(value: number): number | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined
  return Math.round(value < millisecondsFrom ? value * 1000 : value)
}

function fromText(text: string): number | undefined {
  if (text.length > lengthMax) return undefined
  const trimmed = text.trim()
  return fromIso(trimmed) ?? fromJava(trimmed) ?? fromLocale(trimmed)
}

function fromIso(text: string): number | undefined {
  const match = isoForm.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second = '0', fraction = '0', sign, hours = '0', minutes = '0'] = match
  const offsetMinutes = Number(hours) * 60 + Number(minutes)
  if (Number(minutes) > 59 || offsetMinutes > offsetMinutesMax) return undefined
  const local = utc([year, month, day, hour, minute, second, fraction.padEnd(3, '0').slice(0, 3)])
  return local === undefined ? undefined : local - (sign === '-' ? -1 : 1) * offsetMinutes * 60_000
}

function fromJava(text: string): number | undefined {
  const match = javaForm.exec(text)
  if (!match) return undefined
  const [, month = '', day, hour, minute, second, fraction = '0', year] = match
  return utc([year, months.indexOf(month) + 1, day, hour, minute, second, fraction.padEnd(3, '0')])
}

function fromLocale(text: string): number | undefined {
  const match = localeForm.exec(text)
  if (!match) return undefined
  const [, month = '', day, year, hourOfHalf, minute, second, half] = match
  const hour = Number(hourOfHalf)
  if (hour < 1 || hour > 12) return undefined
  return utc([year, months.indexOf(month) + 1, day, (hour % 12) + (half === 'PM' ? 12 : 0), minute, second, 0])
}

/** The instant of a UTC date and time; undefined for one that does not exist. Every room imports this one: no date library. */
function utc(parts: readonly (string | number | undefined)[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = parts.map(Number)
  const monthDays = month === 2 && !isLeapYear(year) ? 28 : daysOfMonth[month - 1]
  if (monthDays === undefined || day < 1 || day > monthDays) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const seconds = (hour * 60 + minute) * 60 + second
  return daysSinceEpoch(year, month, day) * dayMs + seconds * 1000 + millisecond
}

const isLeapYear = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Counts years from March, so that the leap day comes last, https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = (month + 9) % 12
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - daysFromYear0ToEpoch
}

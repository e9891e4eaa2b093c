/** Reads the timestamp forms that scanners really write; anything else is refused, never guessed. */
import { fixedInstantMs, isoInstant, utcDayMs } from '../kit/time.ts'

/** An instant in ISO 8601 UTC, clamped if out of range, or why the text is not a timestamp. */
export type Timestamp =
  | { readonly iso: string; readonly isClamped: boolean }
  | { readonly refused: 'not-a-timestamp'; readonly detail: string }

const dayMs = 86_400_000
const earliestMs = 946_684_800_000
/** Numbers from here on are milliseconds: in seconds this would be the year 5138. */
const millisecondsFrom = 100_000_000_000
const lengthMax = 64
/** The other forms start with the name of a day or a month. */
const nineCode = 57
const offsetMinutesMax = 18 * 60

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Seconds or milliseconds as text: `1748629505.465`, `1.748629505465E9`. */
const numberForm = /^\d{1,13}(?:\.\d{1,12})?(?:[eE]\+?\d{1,2})?$/
const isoForm = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):?(\d{2}))?$/
const javaForm = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))? (?:UTC|GMT) (\d{4})$/
const localeForm = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2}):(\d{2})[ \u00a0\u202f](AM|PM)$/

/**
 * An instant as ISO 8601 UTC with milliseconds.
 *
 * Takes ISO 8601 (no offset means UTC), epoch seconds or milliseconds as a number or its text, `Wed Sep 04 16:59:44.356
 * UTC 2024` and `Dec 3, 2021, 6:02:30 PM` (UTC). Years before 2000 become the start of 2000; more than a day ahead of
 * `nowMs` becomes `nowMs`, so that a wrong clock cannot outrank later copies (B15).
 */
export function parseTimestamp(value: unknown, nowMs: number): Timestamp {
  const fixedMs = typeof value === 'string' ? fixedInstantMs(value) : undefined
  if (typeof value === 'string' && fixedMs !== undefined && fixedMs >= earliestMs && fixedMs <= nowMs + dayMs)
    return { iso: value, isClamped: false }
  const ms = typeof value === 'number' ? fromNumber(value) : typeof value === 'string' ? fromText(value) : undefined
  if (ms === undefined)
    return { refused: 'not-a-timestamp', detail: `a ${typeof value} that is not a timestamp form in use by scanners` }
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
  const first = trimmed.charCodeAt(0)
  if (first > nineCode) return fromJava(trimmed) ?? fromLocale(trimmed)
  // Digits that are not a present-day instant may be a date without separators: never guessed.
  if (numberForm.test(trimmed)) return Number(trimmed) * 1000 < earliestMs ? undefined : fromNumber(Number(trimmed))
  return fromIso(trimmed)
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

/** The instant of a UTC date and time; undefined if it does not exist. */
function utc(parts: readonly (string | number | undefined)[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = parts.map(Number)
  const startMs = utcDayMs(year, month, day)
  if (startMs === undefined || hour > 23 || minute > 59 || second > 59) return undefined
  return startMs + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
}

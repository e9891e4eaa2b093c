/** Which repetition rules are read: those that surely have a next occurrence soon, because the library looks for one without end. */
import type ICAL from 'ical.js'

const intervalMax = 60
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const partsRead = ['BYDAY', 'BYMONTH', 'BYMONTHDAY', 'BYSETPOS']

/** Why a rule is not read; undefined where it is. */
export function ruleProblem({ freq, interval, parts }: ICAL.Recur): string | undefined {
  const frequency = String(freq)
  if (!['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(frequency))
    return `repeats more often than daily (${frequency})`
  if (interval > intervalMax) return `repeats every ${interval} times, at most ${intervalMax} is read`
  const named = Object.keys(parts)
  const other = named.find((part) => !partsRead.includes(part))
  if (other !== undefined) return `rule part ${other} is not read`
  if (interval > 1 && !(named.length === 0 || isPlainInterval(frequency, named)))
    return `INTERVAL=${interval} together with ${named.join(', ')} is not read`
  return dayProblem(frequency, parts) ?? positionProblem(frequency, parts)
}

/** Every second Tuesday, the first Monday of each quarter: these always come again. */
const isPlainInterval = (frequency: string, named: readonly string[]) =>
  named.length === 1 && named[0] === 'BYDAY' && (frequency === 'WEEKLY' || frequency === 'MONTHLY')

const textsOf = (values: unknown): string[] => (Array.isArray(values) ? values.map(String) : [])
const hasOrdinal = (day: string) => /\d/.test(day)

function dayProblem(frequency: string, parts: ICAL.Recur['parts']): string | undefined {
  const days = textsOf(parts.BYDAY)
  const monthDays = textsOf(parts.BYMONTHDAY).map((day) => Math.abs(Number(day)))
  const months = textsOf(parts.BYMONTH).map(Number)
  if (days.some(hasOrdinal)) {
    if (frequency !== 'MONTHLY' && frequency !== 'YEARLY') return `BYDAY=${days.join()} needs FREQ=MONTHLY or YEARLY`
    if (monthDays.length > 0) return 'BYDAY with a count together with BYMONTHDAY is not read'
  }
  const longest = Math.max(...(months.length > 0 ? months : [1]).map((month) => daysOfMonth[month - 1] ?? 0))
  return monthDays.length > 0 && monthDays.every((day) => day > longest)
    ? `BYMONTHDAY=${monthDays.join()} is in none of the months ${months.join()}`
    : undefined
}

/** Four of each weekday are in every month, so these positions always exist. */
function positionProblem(frequency: string, parts: ICAL.Recur['parts']): string | undefined {
  const positions = textsOf(parts.BYSETPOS).map((position) => Math.abs(Number(position)))
  if (positions.length === 0) return undefined
  const days = textsOf(parts.BYDAY)
  const isSure =
    (frequency === 'MONTHLY' || frequency === 'YEARLY') &&
    days.length > 0 &&
    !days.some(hasOrdinal) &&
    parts.BYMONTHDAY === undefined &&
    positions.every((position) => position >= 1 && position <= 4 * days.length)
  return isSure ? undefined : `BYSETPOS=${positions.join()} is not read`
}

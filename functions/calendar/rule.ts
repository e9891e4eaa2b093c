/** Repetition rules (RFC 5545, 3.3.10) as values; what is not read is refused by name. */
import { readWall } from './civil.ts'
import { Unreadable } from './unreadable.ts'

export type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'

export interface WeekdayRule {
  /** 1 is Monday. */
  readonly weekday: number
  /** The n-th of its kind in the month or year, from the end where negative; 0: each. */
  readonly ordinal: number
}

export interface Rule {
  readonly frequency: Frequency
  readonly interval: number
  readonly count: number | undefined
  readonly until: { readonly wallMs: number; readonly isDate: boolean; readonly isUtc: boolean } | undefined
  readonly weekdays: readonly WeekdayRule[]
  readonly monthDays: readonly number[]
  readonly months: readonly number[]
  readonly positions: readonly number[]
  /** First day of the week, 1 is Monday. */
  readonly weekStart: number
}

const intervalMax = 1_000
const countMax = 100_000
const frequencies: readonly Frequency[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']
const weekdayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const partsRead = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS', 'WKST']
const remedy = 'write the rule with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, or the events one by one'

/**
 * A rule as its author wrote it.
 *
 * @throws Unreadable where it repeats more often than daily, or holds a part or a combination that is not read.
 */
export function readRule(text: string, line: number): Rule {
  const parts = partsOf(text, line)
  const frequency = frequencyOf(parts.get('FREQ')?.toUpperCase(), line)
  const numbers = (name: string, most: number) => numbersOf(parts.get(name), { name, most, line })
  const rule: Rule = {
    frequency,
    interval: positive(parts.get('INTERVAL') ?? '1', { name: 'INTERVAL', most: intervalMax, line }),
    count: parts.has('COUNT') ? positive(parts.get('COUNT') ?? '', { name: 'COUNT', most: countMax, line }) : undefined,
    until: parts.has('UNTIL') ? readWall(parts.get('UNTIL') ?? '', line) : undefined,
    weekdays: weekdaysOf(parts.get('BYDAY'), line),
    monthDays: numbers('BYMONTHDAY', 31),
    months: numbers('BYMONTH', 12),
    positions: numbers('BYSETPOS', 366),
    weekStart: 1 + (parts.has('WKST') ? weekdayNames.indexOf((parts.get('WKST') ?? '').toUpperCase()) : 0),
  }
  const problem = problemOf(rule)
  if (problem !== undefined) throw new Unreadable(problem, line, remedy)
  return rule
}

function frequencyOf(name: string | undefined, line: number): Frequency {
  const frequency = frequencies.find((one) => one === name)
  if (frequency) return frequency
  const isDense = name === 'HOURLY' || name === 'MINUTELY' || name === 'SECONDLY'
  const because = isDense ? `repeats more often than daily (${name})` : `FREQ=${name?.slice(0, 40) ?? ''} is not read`
  throw new Unreadable(because, line, remedy)
}

function partsOf(text: string, line: number): Map<string, string> {
  const parts = new Map<string, string>()
  // Outlook and SSM end rules with a semicolon.
  for (const part of text.replace(/;$/, '').split(';', 20)) {
    const [key = '', value, ...more] = part.split('=')
    const name = key.toUpperCase()
    if (value === undefined || value === '' || more.length > 0)
      throw new Unreadable(`"${part.slice(0, 40)}" is no part of a rule`, line, remedy)
    if (!partsRead.includes(name)) throw new Unreadable(`rule part ${name.slice(0, 40)} is not read`, line, remedy)
    if (parts.has(name)) throw new Unreadable(`the rule has ${name} twice`, line)
    parts.set(name, value)
  }
  return parts
}

interface Bound {
  readonly name: string
  readonly most: number
  readonly line: number
}

function positive(text: string, { name, most, line }: Bound): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > most)
    throw new Unreadable(`${name}=${text.slice(0, 40)} is not between 1 and ${most}`, line, remedy)
  return value
}

/** Numbers other than 0, from `-most` to `most`; those that count from the end are negative. */
function numbersOf(text: string | undefined, { name, most, line }: Bound): number[] {
  if (text === undefined) return []
  const values = text.split(',', 400).map((one) => (/^[+-]?\d{1,3}$/.test(one) ? Number(one) : 0))
  if (values.some((value) => value === 0 || Math.abs(value) > most || (name === 'BYMONTH' && value < 0)))
    throw new Unreadable(`${name}=${text.slice(0, 40)} is not read`, line, remedy)
  return [...new Set(values)]
}

function weekdaysOf(text: string | undefined, line: number): WeekdayRule[] {
  if (text === undefined) return []
  return text.split(',', 400).map((one) => {
    const [, ordinal = '', name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/i.exec(one) ?? []
    const weekday = weekdayNames.indexOf(name.toUpperCase()) + 1
    if (weekday === 0 || (ordinal !== '' && (Number(ordinal) === 0 || Math.abs(Number(ordinal)) > 53)))
      throw new Unreadable(`BYDAY=${text.slice(0, 40)} is not read`, line, remedy)
    return { weekday, ordinal: Number(ordinal) }
  })
}

const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function problemOf({
  frequency,
  count,
  until,
  weekdays,
  monthDays,
  months,
  positions,
  weekStart,
}: Rule): string | undefined {
  const isLong = frequency === 'MONTHLY' || frequency === 'YEARLY'
  const hasOrdinal = weekdays.some(({ ordinal }) => ordinal !== 0)
  if (weekStart < 1) return 'WKST names no weekday'
  if (count !== undefined && until) return 'COUNT and UNTIL end the rule twice'
  if (hasOrdinal && !isLong) return 'BYDAY with a count needs FREQ=MONTHLY or YEARLY'
  if (hasOrdinal && monthDays.length > 0) return 'BYDAY with a count together with BYMONTHDAY is not read'
  if (monthDays.length > 0 && frequency === 'WEEKLY') return 'BYMONTHDAY in a weekly rule is not read'
  const isInMonths = frequency === 'MONTHLY' || months.length > 0
  if (isInMonths && weekdays.some(({ ordinal }) => Math.abs(ordinal) > 5))
    return 'no month has a sixth weekday of a kind'
  const longest = Math.max(...(months.length > 0 ? months : [1]).map((month) => monthLengths[month - 1] ?? 0))
  if (monthDays.length > 0 && monthDays.every((day) => Math.abs(day) > longest))
    return `BYMONTHDAY=${monthDays.join()} is in none of the months ${months.join()}`
  if (positions.length === 0) return undefined
  if (weekdays.length + monthDays.length === 0) return 'BYSETPOS without BYDAY or BYMONTHDAY is not read'
  return isLong || frequency === 'WEEKLY' ? undefined : 'BYSETPOS in a daily rule is not read'
}

/** The days of a repetition rule, period by period: work is that of the periods asked for, not of those since the rule began. */
import { dateOf, dayOf, daysIn, weekdayOf } from './civil.ts'
import type { Rule, WeekdayRule } from './rule.ts'
import { Unreadable } from './unreadable.ts'

/** Work that all rules of a calendar may cause together. */
export interface Budget {
  /** Days looked at that are left. */
  steps: number
}

/** Enough for 120 rules that repeat daily, over 400 days. */
export const stepsMax = 60_000

const spend = (budget: Budget, steps: number) => {
  budget.steps -= steps
  if (budget.steps < 0)
    throw new Unreadable(
      'events repeat too often, or for too long, to be expanded',
      undefined,
      'start old rules later, or split the calendar',
    )
}

export interface Stretch {
  readonly fromDay: number
  readonly untilDay: number
}

/** Days from `fromDay` to `untilDay` on which a rule that starts on `startDay` repeats, in order; the start itself only where the rule says so. */
export function ruleDays(rule: Rule, startDay: number, { fromDay, untilDay }: Stretch, budget: Budget): number[] {
  const first = periodOf(rule, startDay)
  // Only a rule that counts must be walked through from its start.
  const ahead = rule.count === undefined ? Math.floor((periodOf(rule, fromDay) - first) / rule.interval) : 0
  const result: number[] = []
  let left = rule.count ?? Number.POSITIVE_INFINITY
  for (let period = first + Math.max(0, ahead) * rule.interval; left > 0; period += rule.interval) {
    const start = startOf(rule, period)
    if (start > untilDay) break
    spend(budget, 1)
    for (const day of daysOf(rule, start, startDay, budget)) {
      if (day < startDay || left <= 0) continue
      left--
      if (day >= fromDay && day <= untilDay) result.push(day)
    }
  }
  return result
}

/** The number of the day, week, month or year that holds a day. */
function periodOf({ frequency, weekStart }: Rule, day: number): number {
  if (frequency === 'DAILY') return day
  if (frequency === 'WEEKLY') return Math.floor((day + 4 - weekStart) / 7)
  const { year, month } = dateOf(day)
  return frequency === 'MONTHLY' ? year * 12 + month - 1 : year
}

/** The first day of a period. */
function startOf({ frequency, weekStart }: Rule, period: number): number {
  if (frequency === 'DAILY') return period
  if (frequency === 'WEEKLY') return period * 7 - 4 + weekStart
  return frequency === 'MONTHLY' ? dayOf(Math.floor(period / 12), (period % 12) + 1, 1) : dayOf(period, 1, 1)
}

function daysOf(rule: Rule, start: number, startDay: number, budget: Budget): number[] {
  const days =
    rule.frequency === 'YEARLY' ? yearDays(rule, start, startDay, budget) : shortDays(rule, start, startDay, budget)
  if (rule.positions.length === 0) return days
  const chosen = chosenOf(rule, days)
  if (rule.frequency === 'WEEKLY' && start < startDay) refuseTwoReadings(rule, days, { chosen, startDay })
  return chosen
}

function chosenOf({ positions }: Rule, days: readonly number[]): number[] {
  const chosen = positions.flatMap((position) => days.at(position > 0 ? position - 1 : position) ?? [])
  return [...new Set(chosen)].sort((left, right) => left - right)
}

/** Whether BYSETPOS counts days of the first week that lie before the start, readers do not agree (python-dateutil counts none). */
function refuseTwoReadings(
  rule: Rule,
  days: readonly number[],
  { chosen, startDay }: { readonly chosen: readonly number[]; readonly startDay: number },
): void {
  const isFrom = (day: number) => day >= startDay
  if (chosen.filter(isFrom).join() !== chosenOf(rule, days.filter(isFrom)).join())
    throw new Unreadable(
      'BYSETPOS can be read in two ways in the week in which the event starts',
      undefined,
      'start the event on the first day of its week (WKST; Monday if absent)',
    )
}

const isIn = (months: readonly number[], month: number) => months.length === 0 || months.includes(month)

function shortDays(rule: Rule, start: number, startDay: number, budget: Budget): number[] {
  if (rule.frequency === 'MONTHLY') {
    const { year, month } = dateOf(start)
    return isIn(rule.months, month) ? monthDaysOf(rule, year, month, { startDay, budget }) : []
  }
  if (rule.frequency === 'WEEKLY') spend(budget, 6)
  const days = rule.frequency === 'DAILY' ? [start] : Array.from({ length: 7 }, (_, index) => start + index)
  const isWeekly = rule.frequency === 'WEEKLY'
  return days.filter((day) => {
    const weekday = weekdayOf(day)
    const isWeekday =
      rule.weekdays.length > 0
        ? rule.weekdays.some((one) => one.weekday === weekday)
        : !isWeekly || weekday === weekdayOf(startDay)
    if (!isWeekday || (rule.months.length === 0 && rule.monthDays.length === 0)) return isWeekday
    const { year, month, day: ofMonth } = dateOf(day)
    return isIn(rule.months, month) && isMonthDay(rule.monthDays, ofMonth, daysIn(year, month))
  })
}

const isMonthDay = (monthDays: readonly number[], day: number, length: number) =>
  monthDays.length === 0 || monthDays.includes(day) || monthDays.includes(day - length - 1)

interface Context {
  readonly startDay: number
  readonly budget: Budget
}

/** The days of a rule in one month: by day of the month, by weekday, or as its start has it. */
function monthDaysOf(rule: Rule, year: number, month: number, { startDay, budget }: Context): number[] {
  const length = daysIn(year, month)
  const first = dayOf(year, month, 1)
  if (rule.monthDays.length === 0 && rule.weekdays.length === 0) {
    const { day } = dateOf(startDay)
    return day <= length ? [first + day - 1] : []
  }
  spend(budget, length)
  return Array.from({ length }, (_, index) => first + index).filter(
    (day, index) => isMonthDay(rule.monthDays, index + 1, length) && isWeekdayIn(rule.weekdays, day, { first, length }),
  )
}

function isWeekdayIn(
  weekdays: readonly WeekdayRule[],
  day: number,
  { first, length }: { first: number; length: number },
): boolean {
  if (weekdays.length === 0) return true
  const weekday = weekdayOf(day)
  const fromStart = Math.floor((day - first) / 7) + 1
  const fromEnd = -(Math.floor((first + length - 1 - day) / 7) + 1)
  return weekdays.some(
    (one) => one.weekday === weekday && (one.ordinal === 0 || one.ordinal === fromStart || one.ordinal === fromEnd),
  )
}

function yearDays(rule: Rule, start: number, startDay: number, budget: Budget): number[] {
  const { year } = dateOf(start)
  const { month, day } = dateOf(startDay)
  const context = { startDay, budget }
  if (rule.months.length > 0)
    return rule.months.toSorted((left, right) => left - right).flatMap((one) => monthDaysOf(rule, year, one, context))
  if (rule.monthDays.length > 0)
    return Array.from({ length: 12 }, (_, index) => monthDaysOf(rule, year, index + 1, context)).flat()
  if (rule.weekdays.length === 0) return day <= daysIn(year, month) ? [dayOf(year, month, day)] : []
  const length = dayOf(year + 1, 1, 1) - start
  spend(budget, length)
  return Array.from({ length }, (_, index) => start + index).filter((one) =>
    isWeekdayIn(rule.weekdays, one, { first: start, length }),
  )
}

/** Days of the Gregorian calendar as numbers, and the times of iCalendar (RFC 5545, 3.3.4 and 3.3.5) that exist on it. */
import { Unreadable } from './unreadable.ts'

export const dayMs = 86_400_000
const yearMin = 1601

const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
export const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

/** Days since 1970-01-01 of a date of the Gregorian calendar, months from 1. */
export function dayOf(year: number, month: number, day: number): number {
  const past = year - 1
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  return past * 365 + leaps + (daysBefore[month - 1] ?? 0) + (month > 2 && isLeap(year) ? 1 : 0) + day - 719_163
}

/** The date of a day since 1970-01-01. */
export function dateOf(dayNumber: number): { readonly year: number; readonly month: number; readonly day: number } {
  let year = 1970 + Math.floor(dayNumber / 365.2425)
  while (dayOf(year + 1, 1, 1) <= dayNumber) year++
  while (dayOf(year, 1, 1) > dayNumber) year--
  const ofYear = dayNumber - dayOf(year, 1, 1)
  let month = Math.min(12, Math.floor(ofYear / 28) + 1)
  while (dayOf(year, month, 1) > dayNumber) month--
  return { year, month, day: dayNumber - dayOf(year, month, 1) + 1 }
}

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (dayNumber: number): number => ((((dayNumber + 3) % 7) + 7) % 7) + 1

const datePattern = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/

/** A bare `20261224` or `20261224T200000Z`, without a zone. */
export function readWall(text: string, line: number): { wallMs: number; isDate: boolean; isUtc: boolean } {
  const match = datePattern.exec(text)
  if (!match)
    throw new Unreadable(`"${text.slice(0, 40)}" is no date or time`, line, 'write 20261224 or 20261224T200000Z')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  if (year < yearMin) throw new Unreadable(`the year ${year} is before ${yearMin}`, line)
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
  if (!isDay || hour > 23 || minute > 59 || second > 59)
    throw new Unreadable(`${text} does not exist on any calendar or clock`, line, 'correct the date')
  const wallMs = dayOf(year, month, day) * dayMs + ((hour * 60 + minute) * 60 + second) * 1000
  return { wallMs, isDate: match[4] === undefined, isUtc: match[7] === 'Z' }
}

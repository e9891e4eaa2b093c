import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateOf, dayOf } from '../../../functions/calendar/civil.ts'
import { readRule } from '../../../functions/calendar/rule.ts'
import { ruleDays } from '../../../functions/calendar/rule-days.ts'

const start = dayOf(2026, 1, 31)
const days = (rule: string, from = start, until = dayOf(2027, 1, 31), steps = 5_000) =>
  ruleDays(readRule(rule, 1), start, { fromDay: from, untilDay: until }, { steps })
const dates = (rule: string, most = 4) =>
  days(rule)
    .slice(0, most)
    .map((day) => {
      const { year, month, day: ofMonth } = dateOf(day)
      return `${year % 100}-${month}-${ofMonth}`
    })

describe('2.3 ruleDays from Saturday 2026-01-31', () => {
  it.each([
    ['every third day', 'FREQ=DAILY;INTERVAL=3', ['26-1-31', '26-2-3', '26-2-6', '26-2-9']],
    ['its own weekday', 'FREQ=WEEKLY', ['26-1-31', '26-2-7', '26-2-14', '26-2-21']],
    [
      'weekdays of every second week',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,MO',
      ['26-1-31', '26-2-9', '26-2-14', '26-2-23'],
    ],
    [
      'weekdays of weeks from Sunday on',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU;WKST=SU',
      ['26-1-31', '26-2-8', '26-2-14', '26-2-22'],
    ],
    ['only months that have the day', 'FREQ=MONTHLY', ['26-1-31', '26-3-31', '26-5-31', '26-7-31']],
    ['the last of each month', 'FREQ=MONTHLY;BYMONTHDAY=-1', ['26-1-31', '26-2-28', '26-3-31', '26-4-30']],
    ['the second Tuesday', 'FREQ=MONTHLY;BYDAY=2TU', ['26-2-10', '26-3-10', '26-4-14', '26-5-12']],
    ['the last Sunday', 'FREQ=MONTHLY;BYDAY=-1SU', ['26-2-22', '26-3-29', '26-4-26', '26-5-31']],
    [
      'the last working day',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      ['26-2-27', '26-3-31', '26-4-30', '26-5-29'],
    ],
    ['the last Sunday of one month', 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', ['26-3-29']],
    ['the tenth Monday of the year', 'FREQ=YEARLY;BYDAY=10MO', ['26-3-9']],
    ['Fridays the 13th', 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', ['26-2-13', '26-3-13', '26-11-13']],
  ])('has %s', (_, rule, expected) => {
    expect(dates(rule)).toEqual(expected)
  })

  it('ends when it has counted, and counts from the start whatever is asked for', () => {
    expect(dates('FREQ=DAILY;COUNT=2')).toEqual(['26-1-31', '26-2-1'])
    expect(days('FREQ=DAILY;COUNT=3', start + 2)).toEqual([start + 2])
  })

  it('does not count a day before its start', () => {
    expect(dates('FREQ=MONTHLY;BYMONTHDAY=1,31;COUNT=2')).toEqual(['26-1-31', '26-2-1'])
  })

  it('gives for a part of the time what it gives for all of it', () => {
    const rules = ['FREQ=WEEKLY;INTERVAL=3;BYDAY=TU', 'FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=1', 'FREQ=DAILY;INTERVAL=7']
    fc.assert(
      fc.property(fc.constantFrom(...rules), fc.nat(300), fc.nat(60), (rule, offset, length) => {
        const [from, until] = [start + offset, start + offset + length]
        expect(days(rule, from, until)).toEqual(days(rule).filter((day) => day >= from && day <= until))
      }),
      { numRuns: 40 },
    )
  })

  it('does the work of the days asked for, not of those since it began', () => {
    const far = start + 300_000
    expect(days('FREQ=DAILY', far, far + 1, 2)).toEqual([far, far + 1])
  })

  it('gives up when the work allowed is done', () => {
    expect(() => days('FREQ=DAILY', start, start + 10, 10)).toThrow(/repeat too often/)
  })
})

import { describe, expect, it } from 'vitest'
import { readRule } from '../../../functions/calendar/rule.ts'

describe('2.3 readRule', () => {
  it('repeats each time, without an end, in weeks from Monday on, where the rule says no more', () => {
    expect(readRule('FREQ=WEEKLY', 1)).toEqual({
      frequency: 'WEEKLY',
      interval: 1,
      count: undefined,
      until: undefined,
      weekdays: [],
      monthDays: [],
      months: [],
      positions: [],
      weekStart: 1,
    })
  })

  it('reads every part, in any case and with a semicolon at the end', () => {
    expect(readRule('freq=monthly;Interval=2;COUNT=5;BYDAY=-1SU,2mo;BYSETPOS=1,-1;WKST=SU;', 1)).toMatchObject({
      frequency: 'MONTHLY',
      interval: 2,
      count: 5,
      weekdays: [
        { weekday: 7, ordinal: -1 },
        { weekday: 1, ordinal: 2 },
      ],
      positions: [1, -1],
      weekStart: 7,
    })
  })

  it.each([
    ['HOURLY', 'FREQ=HOURLY', /more often than daily \(HOURLY\)/],
    ['no frequency', 'INTERVAL=2', /FREQ= is not read/],
    ['an unknown part', 'FREQ=DAILY;BYHOUR=9', /part BYHOUR is not read/],
    ['a part twice', 'FREQ=DAILY;COUNT=1;COUNT=2', /COUNT twice/],
    ['a part without a value', 'FREQ=DAILY;COUNT=', /is no part of a rule/],
    ['an interval of nothing', 'FREQ=DAILY;INTERVAL=0', /INTERVAL=0 is not between 1 and 1000/],
    ['a count beyond reading', 'FREQ=DAILY;COUNT=100001', /COUNT=100001/],
    ['a month from the end', 'FREQ=YEARLY;BYMONTH=-1', /BYMONTH=-1 is not read/],
    ['a weekday of another language', 'FREQ=WEEKLY;BYDAY=DI', /BYDAY=DI is not read/],
    ['a week that starts on no weekday', 'FREQ=WEEKLY;WKST=XX', /WKST names no weekday/],
    ['two ends', 'FREQ=DAILY;COUNT=2;UNTIL=20270101', /end the rule twice/],
    ['the second Monday of a week', 'FREQ=WEEKLY;BYDAY=2MO', /needs FREQ=MONTHLY or YEARLY/],
    ['a sixth Monday of a month', 'FREQ=MONTHLY;BYDAY=6MO', /no month has a sixth/],
    ['a sixth Monday of named months', 'FREQ=YEARLY;BYMONTH=3;BYDAY=6MO', /no month has a sixth/],
    ['a 30th of February', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', /in none of the months 2/],
    ['a day of the month in a week', 'FREQ=WEEKLY;BYMONTHDAY=1', /in a weekly rule/],
    ['a position among nothing', 'FREQ=MONTHLY;BYSETPOS=1', /BYSETPOS without/],
    ['a position in a day', 'FREQ=DAILY;BYDAY=MO;BYSETPOS=1', /BYSETPOS in a daily rule/],
  ])('refuses %s', (_, text, because) => {
    expect(() => readRule(text, 3)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(because), line: 3 }),
    )
  })

  it('takes a 53rd Monday of a year, and a 29th of February', () => {
    expect(readRule('FREQ=YEARLY;BYDAY=53MO', 1).weekdays).toEqual([{ weekday: 1, ordinal: 53 }])
    expect(readRule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', 1).monthDays).toEqual([29])
  })
})

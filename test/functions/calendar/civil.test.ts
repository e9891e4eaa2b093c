import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateOf, dayMs, dayOf, daysIn, readWall, weekdayOf } from '../../../functions/calendar/civil.ts'

const anyDay = fc.integer({ min: -130_000, max: 200_000 })

describe('2.3 dayOf and dateOf', () => {
  it('count days as UTC does', () => {
    fc.assert(
      fc.property(anyDay, (dayNumber) => {
        const { year, month, day } = dateOf(dayNumber)
        expect(new Date(dayNumber * dayMs).toISOString()).toContain(
          `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T`,
        )
        expect(dayOf(year, month, day)).toBe(dayNumber)
      }),
    )
  })
})

describe('2.3 daysIn', () => {
  it.each([
    [2024, 2, 29],
    [2026, 2, 28],
    [1900, 2, 28],
    [2000, 2, 29],
    [2026, 4, 30],
    [2026, 12, 31],
  ])('the month %s-%s has %s days', (year, month, days) => {
    expect(daysIn(year, month)).toBe(days)
  })
})

describe('2.3 weekdayOf', () => {
  it('is 1 on Monday and 7 on Sunday, before 1970 too', () => {
    fc.assert(
      fc.property(anyDay, (dayNumber) => {
        expect(weekdayOf(dayNumber) % 7).toBe(new Date(dayNumber * dayMs).getUTCDay())
      }),
    )
  })
})

describe('2.3 readWall', () => {
  it.each([
    ['20261224', { isDate: true, isUtc: false }, '2026-12-24T00:00:00Z'],
    ['20261224T203005', { isDate: false, isUtc: false }, '2026-12-24T20:30:05Z'],
    ['20261224T203005Z', { isDate: false, isUtc: true }, '2026-12-24T20:30:05Z'],
    ['20240229', { isDate: true }, '2024-02-29T00:00:00Z'],
  ])('reads %s', (text, kind, iso) => {
    expect(readWall(text, 1)).toMatchObject({ ...kind, wallMs: Date.parse(iso) })
  })

  it.each([
    ['2026-12-24', /is no date or time/],
    ['20261224T2030', /is no date or time/],
    ['20261224Z', /is no date or time/],
    ['20260229', /does not exist/],
    ['20261301', /does not exist/],
    ['20260100', /does not exist/],
    ['20260101T240000', /does not exist/],
    ['20260101T000060', /does not exist/],
    ['16001231', /before 1601/],
  ])('refuses %s', (text, because) => {
    expect(() => readWall(text, 1)).toThrow(because)
  })
})

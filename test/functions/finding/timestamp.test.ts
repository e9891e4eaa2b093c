import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTimestamp } from '../../../functions/finding/timestamp.ts'

const nowMs = Date.parse('2026-10-05T00:00:00Z')

describe('3.8 parseTimestamp', () => {
  it.each([
    ['ISO with Z', '2024-09-04T16:59:44.356Z', '2024-09-04T16:59:44.356Z'],
    ['ISO with an offset and microseconds', '2024-06-14T04:03:53.051000+02:00', '2024-06-14T02:03:53.051Z'],
    ['ISO with a blank, as Python prints it', '2024-06-14 04:03:53+00:00', '2024-06-14T04:03:53.000Z'],
    ['ISO without an offset, as UTC', '2024-06-14T04:03:53', '2024-06-14T04:03:53.000Z'],
    ['epoch float seconds', 1_749_079_491.767, '2025-06-04T23:24:51.767Z'],
    ['epoch milliseconds', 1_706_307_554_000, '2024-01-26T22:19:14.000Z'],
    ['Java form', 'Wed Sep 04 16:59:44.356 UTC 2024', '2024-09-04T16:59:44.356Z'],
    ['Java form without milliseconds', 'Wed Sep 04 16:59:44 UTC 2024', '2024-09-04T16:59:44.000Z'],
    ['locale form in the afternoon', 'Dec 3, 2021, 6:02:30 PM', '2021-12-03T18:02:30.000Z'],
    ['locale form at midnight', 'Oct 16, 2019, 12:00:00 AM', '2019-10-16T00:00:00.000Z'],
    ['locale form at noon, with a narrow blank', 'Oct 16, 2019, 12:00:00\u202fPM', '2019-10-16T12:00:00.000Z'],
  ])('reads %s', (_, value, iso) => {
    expect(parseTimestamp(value, nowMs)).toEqual({ iso, isClamped: false })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['a date that does not exist', '2024-02-30T00:00:00Z'],
    ['29 February of a common year', '2023-02-29T00:00:00Z'],
    ['29 February of 2100', '2100-02-29T00:00:00Z'],
    ['hour 24', '2024-01-01T24:00:00Z'],
    ['an offset of a day', '2024-01-01T00:00:00+24:00'],
    ['a month that does not exist', 'Wed Foo 04 16:59:44.356 UTC 2024'],
    ['hour 13 in the afternoon', 'Dec 3, 2021, 13:02:30 PM'],
    ['another time zone', 'Wed Sep 04 16:59:44.356 CET 2024'],
    ['a day as a number', '20240904'],
    ['a number as text that is too long', '17490794917670000'],
    ['B12 a number as text that is too large', '1e400'],
    ['a relative word', 'yesterday'],
    ['an object', { __class__: 'datetime' }],
    ['B12 NaN', Number.NaN],
    ['B12 1e400', Number.POSITIVE_INFINITY],
    ['a negative number', -5],
  ])('refuses %s', (_, value) => {
    expect(parseTimestamp(value, nowMs)).toHaveProperty('refused', 'not-a-timestamp')
  })

  it.each([
    ['2099-01-01T00:00:00Z', '2026-10-05T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '2000-01-01T00:00:00.000Z'],
    [0, '2000-01-01T00:00:00.000Z'],
    [2 ** 53 + 1, '2026-10-05T00:00:00.000Z'],
  ])('B15 clamps %s and says so', (value, iso) => {
    expect(parseTimestamp(value, nowMs)).toEqual({ iso, isClamped: true })
  })

  it('takes an instant up to one day ahead as it is', () => {
    expect(parseTimestamp(nowMs + 86_400_000, nowMs)).toEqual({ iso: '2026-10-06T00:00:00.000Z', isClamped: false })
    expect(parseTimestamp(nowMs + 86_400_001, nowMs)).toHaveProperty('isClamped', true)
  })

  it('reads every instant from 2000 on as the platform writes it', () => {
    const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2150-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offsetMinutes) => {
        const iso = date.toISOString()
        const local = new Date(date.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1)
        const [hours, minutes] = [Math.abs(offsetMinutes) / 60, Math.abs(offsetMinutes) % 60].map((part) =>
          String(Math.floor(part)).padStart(2, '0'),
        )
        const texts = [iso, `${local}${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`]
        const later = Date.parse('2151-01-01')
        for (const text of texts) expect(parseTimestamp(text, later)).toEqual({ iso, isClamped: false })
      }),
    )
  })
})

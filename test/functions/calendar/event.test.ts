import { describe, expect, it } from 'vitest'
import { anyEvent } from './any-text.ts'

const start = 'DTSTART:20261224T200000Z'
const hour = 'DURATION:PT1H'
const day = 'DTSTART;VALUE=DATE:20261224'
const oneDay = { duration: { days: 1, seconds: 0 } }

describe('2.3 readEvent', () => {
  it.each([
    ['a whole day without an end', [day], oneDay],
    ['a whole day that ends on itself', [day, 'DTEND;VALUE=DATE:20261224'], oneDay],
    ['a whole day that lasts nothing', [day, 'DURATION:P0D'], oneDay],
    ['an hour', [start, hour], { duration: { days: 0, seconds: 3_600 } }],
  ])('lasts as its author meant: %s', (_, lines, length) => {
    expect(anyEvent(...lines).length).toEqual(length)
  })

  it('may end on an earlier clock in another zone', () => {
    const lines = ['DTSTART;TZID=Europe/Berlin:20261224T200000', 'DTEND;TZID=America/New_York:20261224T150000']
    expect(anyEvent(...lines).length).toMatchObject({ end: { zone: { name: 'America/New_York' } } })
  })

  it.each([
    ['confirmed, busy', ['STATUS:CONFIRMED', 'TRANSP:OPAQUE'], true],
    ['says nothing of either', [], true],
    ['tentative', ['STATUS:TENTATIVE'], false],
    ['free', ['TRANSP:TRANSPARENT'], false],
    ['advice', ['X-EVENT-TYPE:ADVISORY'], false],
  ])('is firm only where nothing speaks against it: %s', (_, lines, isFirm) => {
    expect(anyEvent(start, hour, ...lines).isFirm).toBe(isFirm)
  })

  it('reads what is added, with the length of the event or its own, and what is excepted', () => {
    const added = ['RDATE:20261225T200000Z,20261226T200000Z', 'RDATE;VALUE=PERIOD:20261227T200000Z/PT2H']
    const event = anyEvent(start, hour, ...added, 'EXDATE:20261226T200000Z')
    expect(event.added.map(({ length }) => length)).toEqual(
      [3_600, 3_600, 7_200].map((seconds) => ({ duration: { days: 0, seconds } })),
    )
    expect(event.excepted).toHaveLength(1)
  })

  it('stands for an occurrence, or for that and all future ones', () => {
    expect(anyEvent(start, hour, 'RECURRENCE-ID:20261224T200000Z').replaces?.isAndFuture).toBe(false)
    expect(anyEvent(start, hour, 'RECURRENCE-ID;RANGE=THISANDFUTURE:20261224T200000Z').replaces?.isAndFuture).toBe(true)
  })

  it.each([
    ['no start', [hour], /without DTSTART/],
    ['no length', [start], /no length/],
    ['a length of nothing', [start, 'DURATION:P0D'], /no length/],
    ['two lengths', [start, hour, 'DTEND:20261224T210000Z'], /both DTEND and DURATION/],
    ['an end before its start', [start, 'DTEND:20261224T190000Z'], /ends before it starts/],
    ['an end as it starts', [start, 'DTEND:20261224T200000Z'], /ends before it starts/],
    ['an end in ten years and more', [start, 'DTEND:20370101T000000Z'], /longer than 3660 days/],
    ['a day that lasts hours', [day, hour], /whole days lasts hours/],
    ['a day that ends at a time', [day, 'DTEND:20261225T000000Z'], /not both days or both times/],
    ['an end without the zone of its start', [start, 'DTEND:20261224T210000'], /only one of DTSTART and DTEND/],
    ['a property that may move it', [start, hour, 'EXRULE:FREQ=DAILY'], /EXRULE, which is not read/],
    ['a component within', [start, hour, 'BEGIN:VTODO', 'END:VTODO'], /holds VTODO/],
    [
      'a repetition of its own beside RECURRENCE-ID',
      [start, hour, 'RECURRENCE-ID:20261224T200000Z', 'RRULE:FREQ=DAILY'],
      /repeats by itself/,
    ],
    ['an unknown range', [start, hour, 'RECURRENCE-ID;RANGE=THISANDPRIOR:20261224T200000Z'], /RANGE=THISANDPRIOR/],
    ['an added day to a time', [start, hour, 'RDATE;VALUE=DATE:20261225'], /DTSTART and RDATE/],
    ['a period of three', [start, hour, 'RDATE;VALUE=PERIOD:20261224T200000Z/PT1H/PT1H'], /is no period/],
  ])('refuses an event with %s', (_, lines, because) => {
    expect(() => anyEvent(...lines)).toThrow(because)
  })

  it('takes alarms and what says nothing of when', () => {
    const lines = ['SUMMARY:x', 'X-OWN:y', 'BEGIN:VALARM', 'TRIGGER:-PT1H', 'END:VALARM', 'STATUS:CANCELLED']
    expect(anyEvent(start, hour, ...lines).isCancelled).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { lastsMsMax, occurrencesOf } from '../../../functions/calendar/occurrences.ts'
import { utc, zoneAsked } from '../../../functions/calendar/zone.ts'
import { anyEvent } from './any-text.ts'

const daily = ['DTSTART:20260101T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY']
const anyRange = (more: object = {}) => ({
  fromMs: Date.parse('2026-01-10T00:00:00Z'),
  untilMs: Date.parse('2026-01-12T00:00:00Z'),
  zones: [utc],
  budget: { steps: 1_000 },
  isOpening: false,
  ...more,
})
/** Starts in the range itself: the margin around it is free to differ. */
function starts(lines: readonly string[], moved: readonly (readonly string[])[] = [], more: object = {}) {
  const range = anyRange(more)
  return occurrencesOf(
    anyEvent(...lines),
    moved.map((one) => anyEvent(...one)),
    range,
  )
    .map(({ start }) => start.wallMs)
    .filter((wallMs) => wallMs >= range.fromMs && wallMs < range.untilMs)
    .map((wallMs) => new Date(wallMs).toISOString().slice(0, 13))
    .sort()
}
const both = ['2026-01-10T08', '2026-01-11T08']

describe('2.3 occurrencesOf', () => {
  it('repeats by the rule, also where the event began long before', () => {
    expect(starts(daily)).toEqual(both)
  })

  it('adds dates to the rule', () => {
    expect(starts([...daily, 'RDATE:20260110T120000Z'])).toEqual(['2026-01-10T08', '2026-01-10T12', '2026-01-11T08'])
  })

  it.each([
    ['by its time', 'EXDATE:20260110T080000Z'],
    ['by its time in another zone', 'EXDATE;TZID=Europe/Berlin:20260110T090000'],
    ['by its day alone', 'EXDATE;VALUE=DATE:20260110'],
  ])('leaves an exception out: %s', (_, line) => {
    expect(starts([...daily, line])).toEqual(['2026-01-11T08'])
  })

  it('leaves out the occurrence that another event stands for', () => {
    const moved = ['DTSTART:20260110T150000Z', 'DURATION:PT1H', 'RECURRENCE-ID:20260110T080000Z']
    expect(starts(daily, [moved])).toEqual(['2026-01-11T08'])
  })

  it('moves an occurrence and all future ones', () => {
    const moved = ['DTSTART:20260105T100000Z', 'DURATION:PT1H', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20260105T080000Z']
    expect(starts(daily, [moved])).toEqual(['2026-01-10T10', '2026-01-11T10'])
  })

  it('ends where all future ones are cancelled', () => {
    const gone = ['DTSTART:20260111T080000Z', 'DURATION:PT1H', 'STATUS:CANCELLED']
    expect(starts(daily, [[...gone, 'RECURRENCE-ID;RANGE=THISANDFUTURE:20260111T080000Z']])).toEqual(['2026-01-10T08'])
  })

  it.each([
    ['in UTC', 'UNTIL=20260110T080000Z'],
    ['by day', 'UNTIL=20260110'],
    ['on its own clock', 'UNTIL=20260110T080000'],
  ])('ends with the last that UNTIL names: %s', (_, until) => {
    expect(starts([...daily.slice(0, 2), `RRULE:FREQ=DAILY;${until}`])).toEqual(['2026-01-10T08'])
  })

  it('goes on to UNTIL in any zone of whoever asks where it closes, in all of them where it opens', () => {
    const floating = ['DTSTART:20260101T080000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20260110T073000Z']
    const zones = [utc, zoneAsked('Europe/Berlin')]
    expect(starts(floating, [], { zones })).toEqual(['2026-01-10T08'])
    expect(starts(floating, [], { zones, isOpening: true })).toEqual([])
  })

  it('takes the start as an occurrence that its rule does not have, and refuses it where it opens', () => {
    const lines = ['DTSTART:20260110T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;BYDAY=MO']
    expect(starts(lines)).toEqual(['2026-01-10T08'])
    expect(() => starts(lines, [], { isOpening: true })).toThrow(/not on a day of its rule/)
  })

  it('refuses an exception that names no occurrence only where it opens', () => {
    const lines = [...daily, 'EXDATE:20260110T090000Z']
    expect(starts(lines)).toEqual(both)
    expect(() => starts(lines, [], { isOpening: true })).toThrow(/names no occurrence/)
  })
})

describe('2.3 lastsMsMax', () => {
  it('adds a day for an end in another zone', () => {
    const from = 'DTSTART;TZID=Europe/Berlin:20260101T080000'
    expect(lastsMsMax(anyEvent(from, 'DTEND;TZID=Europe/Berlin:20260101T090000'))).toBe(3_600_000)
    expect(lastsMsMax(anyEvent(from, 'DTEND;TZID=Europe/Paris:20260101T090000'))).toBe(25 * 3_600_000)
  })
})

import { describe, expect, it } from 'vitest'
import { calendarMistakes, nextClosuresOf } from '../../../functions/catalogue/calendar-mistakes.ts'
import { anyCatalogue } from './any-catalogue.ts'

const nowMs = Date.parse('2026-01-01T00:00:00Z')
const ics = (...lines: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join(
    '\n',
  )
const party = ics('DTSTART:20260105T000000Z', 'DURATION:PT1H')
const withCalendar = (more: object) => anyCatalogue({ calendars: [{ name: 'shop', ics: party, ...more }] })
const mistakes = (more: object, at?: number) => calendarMistakes(withCalendar(more), at)

describe('2.3 calendarMistakes', () => {
  it('finds none in a calendar that can be read', () => {
    expect(mistakes({}, nowMs)).toEqual([])
  })

  it('names a service that there is not, at its place', () => {
    expect(mistakes({ services: ['web', 'wep'] })).toEqual([
      { path: ['calendars', 0, 'services', 1], message: 'no service "wep"', didYouMean: 'web' },
    ])
  })

  it('says what cannot be read and in which line of the text', () => {
    expect(mistakes({ ics: ics('DTSTART:20260230', 'DURATION:P1D') })).toMatchObject([
      {
        path: ['calendars', 0, 'ics'],
        message: expect.stringMatching(/does not exist.* in line 6 of it/),
        lineWithin: 6,
      },
    ])
  })

  it('finds a mistake that shows only when the calendar is expanded, if it knows from when', () => {
    const often = { ics: ics('DTSTART:16010101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=100000') }
    expect([mistakes(often), mistakes(often, nowMs)].map(({ length }) => length)).toEqual([0, 1])
  })

  it('leaves a calendar that SSM keeps to the run', () => {
    expect(calendarMistakes(anyCatalogue({ calendars: [{ name: 'shop', ssm: 'calendar' }] }), nowMs)).toEqual([])
  })
})

describe('2.3 nextClosuresOf', () => {
  it('tells the next closed times of each calendar, and which only a run can ask for', () => {
    const calendars = [
      { name: 'shop', ics: party },
      { name: 'kept', ssm: 'calendar' },
    ]
    const [shop, kept] = nextClosuresOf(anyCatalogue({ calendars }), nowMs, 3)
    expect(shop?.closures).toMatchObject([{ startMs: Date.parse('2026-01-05T00:00:00Z') }])
    expect(kept).toEqual({ name: 'kept', ssm: 'calendar', closures: [] })
  })

  it('tells none of a calendar that cannot be read', () => {
    expect(nextClosuresOf(withCalendar({ ics: 'nonsense' }), nowMs, 3)).toEqual([{ name: 'shop', closures: [] }])
  })
})

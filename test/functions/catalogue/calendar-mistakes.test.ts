import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayStart } from '../../../functions/calendar/index.ts'
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

  it('refuses what a run would refuse behind the horizon, up to where it expands', () => {
    const daily = Array.from({ length: 12 }, () => ['DTSTART:20251201T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'])
    const late = Array.from({ length: 200 }, () => ['DTSTART:20270206T120000Z', 'DURATION:PT1H'])
    const [first = [], ...others] = [...daily, ...late]
    const text = ics(...first, ...others.flatMap((lines) => ['END:VEVENT', 'BEGIN:VEVENT', 'UID:1', ...lines]))
    expect(mistakes({ ics: text }, nowMs)).toMatchObject([{ message: expect.stringContaining('more than 5000') }])
  })

  it('refuses whatever a run of any service would refuse at the same instant (property)', () => {
    const part = fc.constantFrom(
      ...['FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1', 'FREQ=MONTHLY;BYMONTHDAY=31'],
      ...['FREQ=YEARLY;BYDAY=MO,TU', 'FREQ=DAILY;COUNT=100000', 'FREQ=HOURLY', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29'],
    )
    const start = fc.constantFrom(
      ...['DTSTART:16010101T000000Z', 'DTSTART:20260106T230000Z', 'DTSTART;VALUE=DATE:20260329', 'DTSTART:20260230'],
      ...[
        'DTSTART;TZID=Europe/Berlin:20260329T023000',
        'DTSTART;TZID=Mars/Olympus:20260101T000000',
        'DTSTART:20260101T0000',
      ],
      'DTSTART:20260329T023000',
    )
    const lasts = fc.constantFrom(
      'DURATION:P1D',
      'DURATION:P3000D',
      'DURATION:PT0S',
      'DTEND:20260107T000000Z',
      'DTEND:20260329T030000',
    )
    const event = fc.record({ part, start, lasts }).map((one) => [one.start, one.lasts, `RRULE:${one.part}`])
    const type = fc.constantFrom([], [], ['X-CALENDAR-TYPE:DEFAULT_CLOSED'], ['X-CALENDAR-TYPE:AJAR'])
    const text = fc
      .record({ type, event, count: fc.constantFrom(1, 3, 150, 600) })
      .map(({ type: head, event: lines, count }) =>
        ics(
          ...lines,
          ...Array.from({ length: count - 1 }, (_, index) => [
            'END:VEVENT',
            'BEGIN:VEVENT',
            `UID:${index + 2}`,
            ...lines,
          ]).flat(),
        ).replace('PRODID:x', ['PRODID:x', ...head].join('\n')),
      )
    fc.assert(
      fc.property(text, (words) => {
        const catalogue = withCalendar({ ics: words })
        const refused = calendarMistakes(catalogue, nowMs).length > 0
        const { services, freezes, calendars } = catalogue
        const held = services.some(({ name, windows }) => {
          const question = { service: name, windows, freezes, calendars, durationSeconds: 60 }
          const said = mayStart({ ...question, nowIso: new Date(nowMs).toISOString() })
          return said.verdict === 'hold' && said.because.includes('cannot be read')
        })
        expect(held).toBe(refused)
      }),
      { numRuns: 60, seed: 14 },
    )
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

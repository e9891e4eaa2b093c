import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkIcs, icsSpans } from '../../../functions/calendar/ics.ts'

const fromMs = Date.parse('2026-01-01T00:00:00Z')
const untilMs = fromMs + 400 * 86_400_000
const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...lines, 'END:VCALENDAR', ''].join('\r\n')
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT']
const read = (ics: string, zones: readonly string[] = []) => {
  const spans = icsSpans(ics, { fromMs, untilMs, zones })
  if ('unreadable' in spans) return spans
  return spans.map(({ startMs, endMs }) => [new Date(startMs).toISOString(), new Date(endMs).toISOString()])
}
const berlin = [
  'BEGIN:VTIMEZONE',
  'TZID:Berlin',
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:19700329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
]
const hour = 'DURATION:PT1H'

describe('2.3 icsSpans', () => {
  it('reads single events in UTC', () => {
    expect(read(calendar(...event('DTSTART:20260102T000000Z', 'DTEND:20260103T000000Z')))).toEqual([
      ['2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z'],
    ])
  })

  it('reads local times by the time zone that the calendar defines, over daylight saving', () => {
    const ics = calendar(...berlin, ...event('DTSTART;TZID=Berlin:20260328T120000', hour, 'RRULE:FREQ=DAILY;COUNT=3'))
    expect(read(ics)).toEqual([
      ['2026-03-28T11:00:00.000Z', '2026-03-28T12:00:00.000Z'],
      ['2026-03-29T10:00:00.000Z', '2026-03-29T11:00:00.000Z'],
      ['2026-03-30T10:00:00.000Z', '2026-03-30T11:00:00.000Z'],
    ])
  })

  it('closes whole days in the zones asked for, from the earliest start to the latest end, whatever the zone of the machine', () => {
    const ics = calendar(...event('DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227'))
    expect(read(ics)).toEqual([['2026-12-24T00:00:00.000Z', '2026-12-27T00:00:00.000Z']])
    expect(read(ics, ['Europe/Berlin', 'America/New_York'])).toEqual([
      ['2026-12-23T23:00:00.000Z', '2026-12-27T05:00:00.000Z'],
    ])
  })

  it('reads a rule that began in 1601 by jumping to the range', () => {
    expect(read(calendar(...event('DTSTART:16010101T000000Z', hour, 'RRULE:FREQ=DAILY')))).toHaveLength(400)
  })

  it('B38 reads a rule without end up to the horizon', () => {
    const spans = read(calendar(...event('DTSTART:20200101T000000Z', hour, 'RRULE:FREQ=WEEKLY')))
    expect(spans).toHaveLength(57)
  })

  it('leaves out what is cancelled or excepted and follows what was moved', () => {
    const ics = calendar(
      ...event('DTSTART:20260101T120000Z', hour, 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE:20260102T120000Z'),
      ...event('RECURRENCE-ID:20260103T120000Z', 'DTSTART:20260105T180000Z', hour),
      'BEGIN:VEVENT',
      'UID:2',
      'DTSTART:20260110T000000Z',
      hour,
      'STATUS:CANCELLED',
      'END:VEVENT',
    )
    expect(read(ics)).toEqual([
      ['2026-01-01T12:00:00.000Z', '2026-01-01T13:00:00.000Z'],
      ['2026-01-05T18:00:00.000Z', '2026-01-05T19:00:00.000Z'],
    ])
  })

  it.each([
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE',
    'FREQ=MONTHLY;BYDAY=2TU',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=MONTHLY;BYMONTHDAY=-1',
    'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24',
    'FREQ=DAILY;UNTIL=20260201T000000Z',
  ])('reads %s', (rule) => {
    expect(checkIcs(calendar(...event('DTSTART:20260101T000000Z', hour, `RRULE:${rule}`)))).toBeUndefined()
    expect(read(calendar(...event('DTSTART:20260101T000000Z', hour, `RRULE:${rule}`)))).not.toHaveProperty('unreadable')
  })

  it.each([
    ['FREQ=SECONDLY', 'more often than daily'],
    ['FREQ=MINUTELY;COUNT=5', 'more often than daily'],
    ['FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30', 'more often than daily'],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'in none of the months'],
    ['FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31', 'in none of the months'],
    ['FREQ=DAILY;INTERVAL=999999999', 'not between 1 and 1000'],
    ['FREQ=DAILY;INTERVAL=0', 'not between 1 and 1000'],
    ['FREQ=DAILY;COUNT=0', 'not between 1 and'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ twice'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20260201', 'end the rule twice'],
    ['FREQ=DAILY;UNTIL=20260231', 'does not exist'],
    ['FREQ=WEEKLY;BYDAY=XX', 'BYDAY=XX is not read'],
    ['FREQ=WEEKLY;BYDAY=2TU', 'needs FREQ=MONTHLY or YEARLY'],
    ['FREQ=WEEKLY;BYMONTHDAY=3', 'weekly rule is not read'],
    ['FREQ=MONTHLY;BYDAY=6MO', 'sixth weekday'],
    ['FREQ=YEARLY;BYWEEKNO=52;BYDAY=MO', 'BYWEEKNO is not read'],
    ['FREQ=YEARLY;RSCALE=HEBREW', 'RSCALE is not read'],
    ['FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=31', 'is not read'],
    ['FREQ=DAILY;BYDAY=MO;BYSETPOS=1', 'is not read'],
    ['FREQ=DAILY;BYHOUR=1,2,3', 'BYHOUR is not read'],
    ['FREQ=FORTNIGHTLY', 'FREQ=FORTNIGHTLY is not read'],
  ])('B38 takes a calendar with %s as closed at once, and names the line', (rule, because) => {
    const startedMs = performance.now()
    const problem = checkIcs(calendar(...event('DTSTART:20260101T000000Z', hour, `RRULE:${rule}`)))
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    expect(problem?.unreadable).toContain(because)
    expect(problem?.line).toBe(8)
  })

  it.each([
    ['a time zone that nobody defines', calendar(...event('DTSTART;TZID=Mars/Olympus:20260101T000000', hour)), 6],
    [
      'a VTIMEZONE that changes every second',
      calendar(
        ...berlin.map((line) => line.replace('FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU', 'FREQ=SECONDLY')),
        ...event('DTSTART;TZID=Berlin:20260101T000000', hour),
      ),
      8,
    ],
    ['a broken line', calendar('BEGIN:VEVENT', 'nonsense', 'END:VEVENT'), 5],
    ['an event without a start', calendar('BEGIN:VEVENT', 'UID:1', 'END:VEVENT'), 4],
  ])('B38 names the line of %s', (_, ics, line) => {
    expect(checkIcs(ics)).toMatchObject({ line })
  })

  it.each([
    ['nothing at all', ''],
    ['a text cut off', calendar(...event('DTSTART:20260101T000000Z', hour)).slice(0, -20)],
    ['two calendars in one text', calendar().repeat(2)],
    ['a text of 50 MB', 'X'.repeat(50_000_000)],
    ['an event that ends before it starts', calendar(...event('DTSTART:20260102T000000Z', 'DTEND:20260101T000000Z'))],
    [
      'too many single dates',
      calendar(...event('DTSTART:20260101T000000Z', hour, `EXDATE:${'20260101T000000Z,'.repeat(6_000).slice(0, -1)}`)),
    ],
    [
      'too many events',
      calendar(...Array.from({ length: 2_001 }, () => event('DTSTART:20260101T000000Z', hour)).flat()),
    ],
    [
      'too many occurrences',
      calendar(...Array.from({ length: 40 }, () => event('DTSTART:20260101T000000Z', hour, 'RRULE:FREQ=DAILY')).flat()),
    ],
    [
      'a rule that must be counted from long ago',
      calendar(
        ...Array.from({ length: 4 }, () =>
          event('DTSTART:16010101T000000Z', hour, 'RRULE:FREQ=DAILY;COUNT=99999'),
        ).flat(),
      ),
    ],
  ])('B38 I20 cannot read %s, so it counts as closed', (_, ics) => {
    expect(icsSpans(ics, { fromMs, untilMs, zones: [] })).toHaveProperty('unreadable')
  })

  it('answers any rule of its grammar within a second', () => {
    const part = fc.oneof(
      fc.constantFrom('BYDAY=MO', 'BYDAY=5FR', 'BYDAY=-1SU', 'BYDAY=MO,TU,WE', 'BYSETPOS=-1', 'BYSETPOS=3', 'COUNT=9'),
      fc.integer({ min: 1, max: 31 }).map((day) => `BYMONTHDAY=${day}`),
      fc.integer({ min: 1, max: 12 }).map((month) => `BYMONTH=${month}`),
      fc.integer({ min: 1, max: 70 }).map((count) => `INTERVAL=${count}`),
    )
    const rule = fc
      .record({
        freq: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
        parts: fc.uniqueArray(part, { maxLength: 4, selector: (one) => one.split('=')[0] }),
        start: fc.constantFrom('20260101', '20240229', '20251231', '20260131'),
      })
      .map(({ freq, parts, start }) =>
        calendar(...event(`DTSTART:${start}T000000Z`, hour, `RRULE:FREQ=${[freq, ...parts].join(';')}`)),
      )
    fc.assert(
      fc.property(rule, (ics) => {
        const startedMs = performance.now()
        icsSpans(ics, { fromMs, untilMs, zones: [] })
        expect(performance.now() - startedMs).toBeLessThan(1_000)
      }),
      { numRuns: 400 },
    )
  })
})

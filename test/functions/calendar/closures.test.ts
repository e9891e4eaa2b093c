import { describe, expect, it } from 'vitest'
import { type CalendarQuestion, mayStart, nextOpening } from '../../../functions/calendar/calendar.ts'
import { nextClosures } from '../../../functions/calendar/closures.ts'
import { NamedCalendar } from '../../../functions/calendar/freeze.ts'
import { type CalendarReading, readCalendars } from '../../../functions/calendar/reading.ts'

const nowIso = '2026-12-01T10:00:00.000Z'
const nowMs = Date.parse(nowIso)
const at = (time: string) => Date.parse(`${time}Z`)
const calendar = (parts: object) => NamedCalendar.parse({ name: 'ops', ...parts })
const ask = (reading: CalendarReading | undefined, question: Partial<CalendarQuestion> = {}) => ({
  service: 'web',
  windows: [],
  freezes: [],
  calendars: [calendar({ ssm: 'ops-freeze' })],
  readings: new Map(reading ? [['ops-freeze', reading]] : []),
  nowIso,
  durationSeconds: 3_600,
  ...question,
})
const open = { atMs: nowMs, state: 'OPEN' as const }
const closed = { atMs: nowMs, state: 'CLOSED' as const }

describe('2.3 mayStart with a calendar that SSM keeps', () => {
  it('goes while it is open and stays so', () => {
    expect(mayStart(ask({ changes: [open] }))).toEqual({ verdict: 'go' })
  })

  it('goes where the work ends before the next change, and says until when', () => {
    const changes = [open, { atMs: at('2026-12-01T12:00'), state: 'CLOSED' as const }]
    expect(mayStart(ask({ changes }))).toEqual({ verdict: 'go', windowEndsAt: '2026-12-01T12:00:00.000Z' })
  })

  it('holds where the work would run into it', () => {
    const changes = [
      open,
      { atMs: at('2026-12-01T10:30'), state: 'CLOSED' as const },
      { atMs: at('2026-12-02T00:00'), state: 'OPEN' as const },
    ]
    expect(mayStart(ask({ changes }))).toEqual({
      verdict: 'hold',
      because: 'would run into calendar ops at 2026-12-01T10:30:00.000Z',
      until: '2026-12-02T00:00:00.000Z',
    })
  })

  it('holds while it is closed, and says until when', () => {
    const changes = [closed, { atMs: at('2026-12-03T00:00'), state: 'OPEN' as const }]
    expect(mayStart(ask({ changes }))).toEqual({
      verdict: 'hold',
      because: 'in calendar ops',
      until: '2026-12-03T00:00:00.000Z',
    })
  })

  it.each([
    ['closed for good', { changes: [closed] }, 'in calendar ops'],
    [
      'known for half an hour only',
      { changes: [open], untilMs: at('2026-12-01T10:30') },
      'would run into calendar ops',
    ],
    ['unknown', { unknown: 'SSM did not answer in time' }, 'SSM did not answer in time), so it counts as closed'],
    ['not asked for', undefined, 'ops-freeze was not asked for), so it counts as closed'],
    ['empty', { changes: [] }, 'in calendar ops'],
  ])('I20 holds where its state is %s', (_, reading, because) => {
    const verdict = mayStart(ask(reading))
    expect(verdict).toEqual({ verdict: 'hold', because: expect.stringContaining(because) })
    expect(nextOpening(ask(reading))).toBeUndefined()
  })

  it('asks nobody where no calendar is kept by SSM, and knows nothing without a port', async () => {
    const never = { read: () => Promise.reject(new Error('asked')) }
    expect(await readCalendars([calendar({ ics: 'x' })], never, nowMs)).toEqual(new Map())
    expect(await readCalendars([calendar({ ssm: 'ops-freeze' })], undefined, nowMs)).toEqual(new Map())
  })
})

describe('2.3 I20 mayStart on work of an unknown length', () => {
  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('holds for %s seconds', (durationSeconds) => {
    expect(mayStart(ask({ changes: [open] }, { durationSeconds })).verdict).toBe('hold')
  })
})

describe('2.3 a calendar of the catalogue', () => {
  it.each([
    ['neither text nor name', {}],
    ['both', { ics: 'x', ssm: 'ops-freeze' }],
    ['a name with a slash', { ssm: 'a/b' }],
    ['the ARN of something else', { ssm: 'arn:aws:s3:::bucket' }],
  ])('is refused with %s', (_, parts) => {
    expect(NamedCalendar.safeParse({ name: 'ops', ...parts }).success).toBe(false)
  })

  it.each(['ops-freeze', 'arn:aws:ssm:eu-central-1:123456789012:document/ops-freeze'])('may name %s', (ssm) => {
    expect(NamedCalendar.safeParse({ name: 'ops', ssm }).success).toBe(true)
  })

  it('names its next closures, those that touch as one', () => {
    const ics = `BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR\n`
    const services = [{ name: 'web', windows: [] }]
    expect(nextClosures(calendar({ ics }), { services, nowMs }, 5)).toEqual([
      { startMs: at('2026-12-24T00:00'), endMs: at('2026-12-27T00:00') },
    ])
  })
})

describe('2.3 nextClosures of a calendar that is closed by default', () => {
  it('starts now and ends with the 400 days', () => {
    const ics = `BEGIN:VCALENDAR\nVERSION:2.0\nX-CALENDAR-TYPE:DEFAULT_CLOSED\nBEGIN:VEVENT\nUID:1\nDTSTART:20261201T200000Z\nDURATION:PT3H\nEND:VEVENT\nEND:VCALENDAR\n`
    expect(nextClosures(calendar({ ics }), { services: [{ name: 'web', windows: [] }], nowMs }, 5)).toEqual([
      { startMs: nowMs, endMs: at('2026-12-01T20:00') },
      { startMs: at('2026-12-01T23:00'), endMs: nowMs + 400 * 86_400_000 },
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CalendarQuestion, mayStart, nextOpening } from '../../../functions/calendar/calendar.ts'
import type { Window } from '../../../functions/calendar/window.ts'
import { intersection, windowSpans } from '../../../functions/calendar/windows.ts'
import { Catalogue } from '../../../functions/catalogue/catalogue.ts'
import { checkCalendar } from '../../../functions/planning/check-calendar.ts'
import { anyPlan } from '../planning/any-plan.ts'

const everyDay: Window['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const anyWindow = (window: Partial<Window> = {}): Window => ({
  days: everyDay,
  start: '22:00',
  durationMinutes: 120,
  timeZone: 'UTC',
  ...window,
})
const anyQuestion = (question: Partial<CalendarQuestion> = {}): CalendarQuestion => ({
  service: 'web',
  windows: [],
  freezes: [],
  calendars: [],
  nowIso: '2026-01-01T00:00:00.000Z',
  durationSeconds: 600,
  ...question,
})
const freeze = (start: string, end: string, services: string[] = []) => ({
  name: 'x',
  services,
  start,
  end,
  reason: 'sale',
})
const iso = ({ startMs, endMs }: { startMs: number; endMs: number }) =>
  [startMs, endMs].map((ms) => new Date(ms).toISOString().slice(0, 16))
const on = (day: string, window: Window) => {
  const fromMs = Date.parse(`${day}T00:00:00Z`)
  return windowSpans([window], fromMs - 43_200_000, fromMs + 129_600_000)
    .filter(({ startMs }) => new Date(startMs + 7_200_000).toISOString().startsWith(day))
    .map(iso)
}

describe('2.3 F38 B39 windowSpans around daylight saving', () => {
  const berlin = (start: string, durationMinutes: number) =>
    anyWindow({ start, durationMinutes, timeZone: 'Europe/Berlin' })

  it.each([
    ['an ordinary night', '2026-01-15', berlin('02:30', 60), [['2026-01-15T01:30', '2026-01-15T02:30']]],
    ['a start that is skipped', '2026-03-29', berlin('02:30', 60), [['2026-03-29T01:00', '2026-03-29T01:30']]],
    ['a window that is skipped as a whole', '2026-03-29', berlin('02:10', 30), []],
    ['a skipped hour inside', '2026-03-29', berlin('01:30', 180), [['2026-03-29T00:30', '2026-03-29T02:30']]],
    ['a start that comes twice', '2026-10-25', berlin('02:30', 60), [['2026-10-25T00:30', '2026-10-25T01:30']]],
    ['a repeated hour inside', '2026-10-25', berlin('01:30', 180), [['2026-10-24T23:30', '2026-10-25T02:30']]],
  ])('handles %s', (_, day, window, spans) => {
    expect(on(day, window)).toEqual(spans)
  })

  it('never opens for longer than the window says, nor outside its clock', () => {
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Africa/Casablanca')
    const two = (most: number) => fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'))
    fc.assert(
      fc.property(
        zone,
        two(23),
        two(59),
        fc.integer({ min: 1, max: 600 }),
        (timeZone, hour, minute, durationMinutes) => {
          const fromMs = Date.UTC(2026, 2, 1)
          const spans = windowSpans(
            [anyWindow({ start: `${hour}:${minute}`, durationMinutes, timeZone })],
            fromMs,
            fromMs + 40 * 86_400_000,
          )
          for (const { startMs, endMs } of spans) {
            expect(endMs).toBeGreaterThan(startMs)
            expect(endMs - startMs).toBeLessThanOrEqual(durationMinutes * 60_000)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('joins windows that touch, so that work may run from one into the next', () => {
    const windows = [anyWindow(), anyWindow({ start: '00:00' })]
    const nowIso = '2026-01-01T23:50:00.000Z'
    expect(mayStart(anyQuestion({ windows, nowIso, durationSeconds: 3_600 }))).toEqual({
      verdict: 'go',
      windowEndsAt: '2026-01-02T02:00:00.000Z',
    })
  })

  it('intersects two lists of spans', () => {
    const span = (startMs: number, endMs: number) => ({ startMs, endMs })
    expect(intersection([span(0, 10), span(20, 30)], [span(5, 25), span(28, 40)])).toEqual([
      span(5, 10),
      span(20, 25),
      span(28, 30),
    ])
  })
})

describe('2.3 I13 I20 mayStart', () => {
  it.each([
    ['a freeze that cannot be read', { freezes: [freeze('soon', 'later')] }, 'freeze x cannot be read'],
    [
      'a freeze that ends before it starts',
      { freezes: [freeze('2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z')] },
      'freeze x cannot be read',
    ],
    [
      'a window in no time zone',
      { windows: [anyWindow({ timeZone: 'Mars/Olympus' })] },
      'windows of web cannot be read',
    ],
    [
      'a calendar that is empty',
      { calendars: [{ name: 'ops', services: [], ics: '' }] },
      'calendar ops cannot be read',
    ],
    [
      'a calendar with a broken line',
      { calendars: [{ name: 'ops', services: [], ics: 'BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR' }] },
      '(line 2: ',
    ],
  ])('holds without an end on %s', (_, question, because) => {
    const verdict = mayStart(anyQuestion(question))
    expect(verdict).toEqual({ verdict: 'hold', because: expect.stringContaining(because) })
    expect(nextOpening(anyQuestion(question))).toBeUndefined()
  })

  it('minds only freezes and calendars of its own services', () => {
    const freezes = [freeze('2025-01-01T00:00:00Z', '2027-01-01T00:00:00Z', ['db'])]
    const calendars = [{ name: 'ops', services: ['db'], ics: 'nonsense' }]
    expect(mayStart(anyQuestion({ freezes, calendars }))).toEqual({ verdict: 'go' })
  })

  it('says when the next freeze ends the time that is left', () => {
    const freezes = [freeze('2026-01-01T12:00:00Z', '2026-01-02T00:00:00Z')]
    expect(mayStart(anyQuestion({ freezes }))).toEqual({ verdict: 'go', windowEndsAt: '2026-01-01T12:00:00.000Z' })
  })

  it('finds the first opening that is in a window and behind every freeze', () => {
    const freezes = [
      freeze('2025-12-30T00:00:00Z', '2026-01-01T23:00:00Z'),
      freeze('2026-01-01T23:05:00Z', '2026-01-03T22:30:00Z'),
    ]
    expect(mayStart(anyQuestion({ windows: [anyWindow()], freezes }))).toMatchObject({
      verdict: 'hold',
      until: '2026-01-03T22:30:00.000Z',
    })
  })

  it('2.3 lets an emergency into a freeze only with a named extra approval, and never out of its window', () => {
    const freezes = [freeze('2025-12-30T00:00:00Z', '2026-01-05T00:00:00Z')]
    const question = anyQuestion({ freezes, isEmergency: true })
    expect(mayStart(question)).toMatchObject({
      verdict: 'hold',
      because: expect.stringContaining('named extra approval'),
    })
    expect(mayStart({ ...question, freezeOverriddenBy: '' }).verdict).toBe('hold')
    expect(mayStart({ ...question, isEmergency: false, freezeOverriddenBy: 'eddie' }).verdict).toBe('hold')
    expect(mayStart({ ...question, freezeOverriddenBy: 'eddie' }).verdict).toBe('go')
    expect(mayStart({ ...question, freezeOverriddenBy: 'eddie', windows: [anyWindow()] })).toMatchObject({
      verdict: 'hold',
      until: '2026-01-01T22:00:00.000Z',
    })
    const calendars = [{ name: 'ops', services: [], ics: 'nonsense' }]
    expect(mayStart({ ...question, freezeOverriddenBy: 'eddie', calendars }).verdict).toBe('hold')
  })

  it('finds an opening a year ahead, and none behind the horizon', () => {
    const until = (end: string) =>
      nextOpening(anyQuestion({ windows: [anyWindow()], freezes: [freeze('2025-12-30T00:00:00Z', end)] }))
    expect(until('2026-12-31T12:00:00Z')).toBe('2026-12-31T22:00:00.000Z')
    expect(until('2027-12-31T12:00:00Z')).toBeUndefined()
  })

  it('names an opening at which it then says go, whatever the calendar', () => {
    const hours = fc.integer({ min: 0, max: 48 })
    const spans = fc.array(fc.tuple(hours, fc.integer({ min: 1, max: 12 })), { maxLength: 8 })
    const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()
    fc.assert(
      fc.property(spans, fc.boolean(), fc.integer({ min: 60, max: 7_200 }), (list, hasWindow, durationSeconds) => {
        const freezes = list.map(([start, length]) => freeze(at(start), at(start + length)))
        const question = anyQuestion({ freezes, durationSeconds, windows: hasWindow ? [anyWindow()] : [] })
        const opening = nextOpening(question)
        if (opening === undefined) return expect(mayStart(question).verdict).toBe('hold')
        expect(mayStart({ ...question, nowIso: opening }).verdict).toBe('go')
        expect(mayStart(question).verdict).toBe(opening === question.nowIso ? 'go' : 'hold')
        const before = Date.parse(opening) - 1
        if (before >= Date.parse(question.nowIso))
          expect(mayStart({ ...question, nowIso: new Date(before).toISOString() }).verdict).toBe('hold')
      }),
      { numRuns: 100 },
    )
  })
})

describe('2.3 checkCalendar', () => {
  const service = (name: string, windows: Window[] = []) => ({
    name,
    title: name,
    tier: 'non-essential' as const,
    owner: 'olivia',
    minimumHealthy: 0,
    rings: [{ name: 'production', stage: 'production', soakSeconds: 0, failureBudget: 0 }],
    rollbackCriteria: {},
    windows,
    rtoMinutes: 1,
    rpoMinutes: 1,
  })
  const catalogueOf = (...services: ReturnType<typeof service>[]) => Catalogue.parse({ services, people: [] })
  const shared = anyPlan({
    rings: anyPlan().rings.map((ring) => ({
      ...ring,
      hosts: ring.hosts.map((host) => ({ ...host, services: ['web', 'batch'] })),
    })),
  })
  const nowIso = '2026-01-01T23:00:00.000Z'

  it('asks the calendars of every service that shares a host', () => {
    const open = catalogueOf(service('web'), service('batch', [anyWindow()]))
    const shut = { ...open, freezes: [freeze('2025-01-01T00:00:00Z', '2026-02-01T00:00:00Z', ['batch'])] }
    expect(checkCalendar({ plan: shared, catalogue: open, service: 'web', nowIso }).verdict).toBe('go')
    expect(checkCalendar({ plan: shared, catalogue: shut, service: 'web', nowIso })).toMatchObject({
      verdict: 'hold',
      until: '2026-02-01T22:00:00.000Z',
    })
    expect(checkCalendar({ plan: anyPlan(), catalogue: shut, service: 'web', nowIso }).verdict).toBe('go')
  })

  it('wants the whole ring to fit before the window closes', () => {
    const catalogue = catalogueOf(service('web', [anyWindow()]))
    const at = (time: string) =>
      checkCalendar({ plan: anyPlan(), catalogue, service: 'web', nowIso: `2026-01-01T${time}:00.000Z` })
    expect(at('23:30').verdict).toBe('go')
    expect(at('23:31')).toMatchObject({ verdict: 'hold', until: '2026-01-02T22:00:00.000Z' })
  })

  it('holds for two services whose windows never meet', () => {
    const catalogue = catalogueOf(service('web', [anyWindow()]), service('batch', [anyWindow({ start: '03:00' })]))
    expect(checkCalendar({ plan: shared, catalogue, service: 'web', nowIso })).toEqual({
      verdict: 'hold',
      because: expect.stringContaining('no window of'),
    })
  })

  it.each([
    ['a service that left the catalogue', { catalogue: catalogueOf(service('web')), plan: shared }, 'batch'],
    ['a ring that is not in the plan', { catalogue: catalogueOf(service('web')), ring: 'canary' }, 'no ring canary'],
    ['a plan without rings', { catalogue: catalogueOf(service('web')), plan: anyPlan({ rings: [] }) }, 'no ring'],
  ])('I20 holds on %s', (_, odd, because) => {
    expect(checkCalendar({ plan: anyPlan(), service: 'web', nowIso, ...odd })).toEqual({
      verdict: 'hold',
      because: expect.stringContaining(because),
    })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayStart } from '../../../functions/calendar/calendar.ts'
import { compareVersions } from '../../../functions/inventory/version-order.ts'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { buildPlan } from '../../../functions/planning/build-plan.ts'
import { minimumOf } from '../../../functions/planning/limits.ts'
import { PlanningProblem } from '../../../functions/scheduling/problem.ts'
import { schedule } from '../../../functions/scheduling/schedule.ts'
import { verifySchedule } from '../../../functions/scheduling/verify/schedule.ts'
import { scenarioCatalogue, scenarioPolicy } from '../../../local/scenario/seed.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyAsset } from './any-asset.ts'
import { anyPlan } from './any-plan.ts'

const now = '2026-01-01T00:00:00.000Z'
const catalogue = scenarioCatalogue('http://127.0.0.1:1', {
  startMs: Date.parse('2026-02-01T00:00:00Z'),
  endMs: Date.parse('2026-02-02T00:00:00Z'),
})
const { documents } = anyPlan().manifest
const stages = ['dev', 'staging', 'canary', 'production', 'production', 'production']
const webAssets = stages.map((stage, index) => anyAsset({ hostId: `i-0000000${index}`, stage, zone: `z${index % 3}` }))
const input = {
  change: anyChange({ packages: [{ name: 'snapd', fixedVersion: '2.63+22.04ubuntu0.1' }] }),
  catalogue,
  policy: scenarioPolicy(),
  assets: webAssets,
  installed: new Map<string, Record<string, string>>(),
  documents,
  blocked: [],
  nowIso: now,
}

describe('1.6 compareVersions', () => {
  it.each([
    ['deb', '1.0~rc1', '1.0', -1],
    ['deb', '1:0.9', '2.0', 1],
    ['deb', '1.0-1', '1.0-1ubuntu1', -1],
    ['deb', '1.10', '1.9', 1],
    ['deb', '1.0a', '1.0+', -1],
    ['deb', '00012', '12', 0],
    ['deb', '2.63', '2.63+22.04ubuntu0.1', -1],
    ['rpm', '1.0~rc1', '1.0', -1],
    ['rpm', '1.0^git1', '1.0', 1],
    ['rpm', '1.0^git1', '1.0.1', -1],
    ['rpm', '1.0a', '1.01', -1],
    ['rpm', '2:1.0-1', '1:9.0-1', 1],
    ['rpm', '1.0-1.el9', '1.0-2.el9', -1],
  ] as const)('orders by %s: %s and %s', (scheme, left, right, sign) => {
    expect(Math.sign(compareVersions(scheme, left, right))).toBe(sign)
    expect(Math.sign(compareVersions(scheme, right, left)) + 0).toBe(-sign + 0)
  })

  it('is a total order on anything that looks like a version', () => {
    const version = fc.stringMatching(/^[0-9a-z.+~^:-]{1,12}$/)
    for (const scheme of ['deb', 'rpm'] as const) {
      fc.assert(
        fc.property(version, version, (left, right) => {
          expect(
            Math.sign(compareVersions(scheme, left, right)) + Math.sign(compareVersions(scheme, right, left)),
          ).toBe(0)
          expect(compareVersions(scheme, left, left)).toBe(0)
        }),
      )
    }
  })
})

describe('2.3 mayStart', () => {
  const anyQuestion = { service: 'web', windows: [], freezes: [], calendars: [], nowIso: now, durationSeconds: 600 }
  const night = { days: ['thu' as const], start: '02:30', durationMinutes: 120, timeZone: 'Europe/Berlin' }
  const calendar = (body: string) => [
    { name: 'ops', services: [], ics: `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n${body}END:VCALENDAR\r\n` },
  ]
  const event = (lines: string) => `BEGIN:VEVENT\r\nUID:1\r\n${lines}END:VEVENT\r\n`

  it('lets work start at any time where there is no window and no freeze', () => {
    expect(mayStart(anyQuestion)).toEqual({ verdict: 'go' })
  })

  it('holds in a freeze, says why and until when', () => {
    const freezes = [
      { name: 'x', services: ['web'], start: '2025-12-31T00:00:00Z', end: '2026-01-02T00:00:00Z', reason: 'sale' },
    ]
    expect(mayStart({ ...anyQuestion, freezes })).toEqual({
      verdict: 'hold',
      because: 'in freeze x (sale)',
      until: '2026-01-02T00:00:00.000Z',
    })
    expect(mayStart({ ...anyQuestion, service: 'db', freezes }).verdict).toBe('go')
  })

  it('I13 holds work that would run into a freeze or past the end of its window', () => {
    const freezes = [
      { name: 'x', services: [], start: '2026-01-01T00:05:00Z', end: '2026-01-02T00:00:00Z', reason: 'sale' },
    ]
    expect(mayStart({ ...anyQuestion, freezes }).verdict).toBe('hold')
    const late = { ...anyQuestion, windows: [night], nowIso: '2026-01-01T03:25:00.000Z' }
    expect(mayStart(late)).toMatchObject({ verdict: 'hold', until: '2026-01-08T01:30:00.000Z' })
  })

  it("goes by the service's own wall clock", () => {
    expect(mayStart({ ...anyQuestion, windows: [night], nowIso: '2026-01-01T01:30:00.000Z' })).toEqual({
      verdict: 'go',
      windowEndsAt: '2026-01-01T03:30:00.000Z',
    })
  })

  it('B39 opens a window of the hour that daylight saving skips when that hour is over', () => {
    const skipped = { ...night, days: ['sun' as const] }
    expect(mayStart({ ...anyQuestion, windows: [skipped], nowIso: '2026-03-29T01:30:00.000Z' }).verdict).toBe('go')
    expect(mayStart({ ...anyQuestion, windows: [skipped], nowIso: '2026-03-29T00:30:00.000Z' }).verdict).toBe('hold')
  })

  it.each([
    ['B38 an event every second', event('DTSTART:20260101T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY\r\n')],
    ['B38 a time zone that is not defined', event('DTSTART;TZID=Mars/Olympus:20260101T000000\r\nDURATION:PT1H\r\n')],
    ['text that is no calendar', 'nonsense'],
  ])('I20 counts a calendar with %s as closed', (_, body) => {
    expect(mayStart({ ...anyQuestion, calendars: calendar(body) })).toMatchObject({
      verdict: 'hold',
      because: expect.stringContaining('counts as closed'),
    })
  })

  it('reads repeating events', () => {
    const daily = calendar(event('DTSTART:20250101T000000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n'))
    expect(mayStart({ ...anyQuestion, calendars: daily }).verdict).toBe('hold')
    expect(mayStart({ ...anyQuestion, calendars: daily, nowIso: '2026-01-01T01:00:00.000Z' }).verdict).toBe('go')
  })
})

describe('5.7 schedule', () => {
  const anyProblem = fc
    .record({
      hosts: fc.integer({ min: 1, max: 30 }),
      services: fc.integer({ min: 1, max: 4 }),
      unavailable: fc.integer({ min: 1, max: 5 }),
      concurrency: fc.integer({ min: 1, max: 10 }),
      perZone: fc.boolean(),
      chain: fc.boolean(),
    })
    .map(({ hosts, services, unavailable, concurrency, perZone, chain }) =>
      PlanningProblem.parse({
        hosts: Array.from({ length: hosts }, (_, index) => ({
          id: `h${index}`,
          services: [`s${index % services}`],
          zone: `z${index % 3}`,
          ring: 'r',
          durationSeconds: 60 + (index % 7) * 30,
        })),
        services: Array.from({ length: services }, (_, index) => ({
          id: `s${index}`,
          maxUnavailable: unavailable,
          ...(perZone ? { maxUnavailablePerZone: 1 } : {}),
          dependsOn: chain && index > 0 ? [`s${index - 1}`] : [],
        })),
        conflicts: hosts > 1 ? [['h0', 'h1']] : [],
        concurrency,
      }),
    )

  it('I2 I3 makes only schedules that the verifier passes', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const solution = schedule(problem)
        if (!('start' in solution)) throw new Error(JSON.stringify(solution))
        expect(verifySchedule(problem, solution.start)).toEqual([])
      }),
    )
  })

  it('I17 gives the same bytes whatever the order of its lists', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const turned = { ...problem, hosts: problem.hosts.toReversed(), services: problem.services.toReversed() }
        expect(canonicalJson(schedule(turned))).toBe(canonicalJson(schedule(problem)))
      }),
    )
  })

  it.each([
    [
      'B40 a cycle',
      {
        services: [
          { id: 'a', maxUnavailable: 1, dependsOn: ['b'] },
          { id: 'b', maxUnavailable: 1, dependsOn: ['a'] },
        ],
      },
      'a -> b -> a',
    ],
    ['B40 nothing that may go down', { services: [{ id: 'a', maxUnavailable: 0 }] }, 'minimum healthy'],
    ['B40 a service that is not there', { services: [] }, 'are not in the problem'],
    [
      'a window that no host fits',
      { services: [{ id: 'a', maxUnavailable: 1, windows: [{ startSeconds: 0, endSeconds: 10 }] }] },
      'no window',
    ],
  ])('refuses %s with the reason', (_, { services }, reason) => {
    const problem = PlanningProblem.parse({
      hosts: [{ id: 'h', services: ['a'], zone: 'z', ring: 'r', durationSeconds: 60 }],
      services,
      concurrency: 1,
    })
    expect(schedule(problem)).toMatchObject({ infeasible: expect.stringContaining(reason) })
  })
})

describe('4.1 buildPlan', () => {
  it('rounds a share of minimum healthy up', () => {
    expect([minimumOf('80%', 7), minimumOf('60%', 16), minimumOf(3, 7)]).toEqual([6, 10, 3])
  })

  it('plans every ring in order and pins what is installed', () => {
    const built = buildPlan(input)
    if ('refused' in built) throw new Error(built.because)
    expect(built.plan.rings.map(({ name, hosts }) => [name, hosts.length])).toEqual([
      ['dev', 1],
      ['staging', 1],
      ['canary', 1],
      ['production', 3],
    ])
    expect(built.plan.rollbackPlan.previousVersions['i-00000000']).toEqual({ snapd: '2.63' })
  })

  it('I17 gives the same bytes whatever the order of the assets', () => {
    expect(canonicalJson(buildPlan({ ...input, assets: webAssets.toReversed() }))).toBe(canonicalJson(buildPlan(input)))
  })

  it.each([
    ['F33 an agent that is too old', { agentVersion: '3.3.2745.9' }, 'older than 3.3.2746.0'],
    ['a node that is offline', { isOnline: false }, 'offline'],
    ['a node that nobody manages', { isManaged: false }, 'not managed'],
    ['a node with the fix', { packages: { snapd: '2.63+22.04ubuntu0.1' } }, 'already has the fixed version'],
    ['a node without the package', { packages: {} }, 'does not have the package'],
  ])('leaves out %s, and says so', (_, odd, reason) => {
    const built = buildPlan({
      ...input,
      assets: [...webAssets, anyAsset({ hostId: 'i-0000000f', zone: 'z0', ...odd })],
    })
    if ('refused' in built) throw new Error(built.because)
    expect(built.plan.excluded).toEqual([{ hostId: 'i-0000000f', reason: expect.stringContaining(reason) }])
  })

  it.each([
    [
      '7.3 a patch that was rolled back before',
      { blocked: [{ package: 'snapd', version: '2.63+22.04ubuntu0.1', changeId: 'c', because: 'worse', at: now }] },
      'blocked-patch',
    ],
    ['a document that is missing', { documents: {} }, 'missing-document'],
    ['B41 a fleet of none', { assets: [] }, 'no-hosts'],
    ['B41 a fleet of one', { assets: webAssets.slice(0, 1) }, 'minimum-healthy'],
  ])('refuses %s', (_, odd, refused) => {
    expect(buildPlan({ ...input, ...odd })).toMatchObject({ refused })
  })
})

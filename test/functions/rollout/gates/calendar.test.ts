import { describe, expect, it } from 'vitest'
import { calendarGate } from '../../../../functions/rollout/gates/calendar.ts'
import { planHash } from '../../approvals/any-ballot.ts'
import { anyPlan } from '../../planning/any-plan.ts'
import { anyService, catalogueOf } from '../any-catalogue.ts'
import { anyGateFacts, anyPassFacts, changeOf, known, nowIso } from './any-gate-facts.ts'

const at = (seconds: number) => new Date(Date.parse(nowIso) + 1_000 * seconds).toISOString()
/** A freeze of a day that starts in so many seconds. */
const freezeIn = (seconds: number) =>
  known(
    catalogueOf([anyService('web')], {
      freezes: [
        { name: 'year-end', services: ['web'], start: at(seconds), end: at(seconds + 86_400), reason: 'books' },
      ],
    }),
  )

describe('I13 the calendar', () => {
  it('is asked of every service that shares the hosts of this ring, and of this ring alone', () => {
    const plan = anyPlan()
    const hosts = plan.rings[0]?.hosts ?? []
    const shared = hosts.map((host) => ({ ...host, services: ['web', 'batch'] }))
    const rings = ['dev', 'production'].map((name, index) => ({
      name,
      index,
      hosts: name === 'dev' ? hosts : shared,
      soakSeconds: 0,
      isCanary: false,
      failureBudget: 0,
    }))
    const windows = [{ days: ['sat'], start: '22:00', durationMinutes: 120, timeZone: 'UTC' }]
    const catalogue = known(catalogueOf([anyService('web'), anyService('batch', { windows })]))
    const facts = { plan: known(anyPlan({ rings })), catalogue }
    expect(calendarGate.check(anyGateFacts({ ...facts, ring: 'dev' }))).toBeUndefined()
    expect(calendarGate.check(anyGateFacts({ ...facts, ring: 'production' }))).toEqual({
      because: 'outside the maintenance window',
      endedBy: { kind: 'time', at: '2026-01-03T22:00:00.000Z' },
    })
  })

  it('holds until a new catalogue is loaded for a service that has left it, its own or a shared one', () => {
    const [first, ...others] = anyPlan().rings[0]?.hosts ?? []
    const hosts = first ? [{ ...first, services: ['web', 'batch'] }, ...others] : []
    const rings = [{ name: 'production', index: 0, hosts, soakSeconds: 0, isCanary: false, failureBudget: 0 }]
    const endedBy = { kind: 'trigger', name: 'catalogue-loaded' }
    expect(calendarGate.check(anyGateFacts({ plan: known(anyPlan({ rings })) }))).toEqual({
      because: 'no longer in the catalogue: batch',
      endedBy,
    })
    expect(calendarGate.check(anyGateFacts({ catalogue: known(catalogueOf([anyService('api')])) }))).toEqual({
      because: 'no longer in the catalogue: web',
      endedBy,
    })
  })

  it('holds for a calendar that is unreadable', () => {
    const calendars = [{ name: 'change-board', services: ['web'], ics: 'no calendar' }]
    const catalogue = known(catalogueOf([anyService('web')], { calendars }))
    expect(calendarGate.check(anyGateFacts({ catalogue }))).toEqual({
      because: expect.stringContaining('calendar change-board cannot be read'),
      endedBy: { kind: 'trigger', name: 'catalogue-loaded' },
    })
  })

  it.each([
    ['calendars: missing', { kind: 'missing' }],
    ['calendars: unreadable', { kind: 'unreadable', because: 'throttled' }],
    ['calendars: late', { kind: 'late', seconds: 90 }],
  ] as const)('holds for what SSM keeps, %s', (_, calendars) => {
    expect(calendarGate.check(anyGateFacts({ calendars }))).toEqual({
      because: expect.stringContaining('the calendars that SSM keeps'),
      endedBy: { kind: 'trigger', name: 'facts-readable' },
    })
  })

  it('holds while SSM does not say how a calendar stands, until it does', () => {
    const named = [{ name: 'change-board', services: ['web'], ssm: 'ChangeBoard' }]
    const catalogue = known(catalogueOf([anyService('web')], { calendars: named }))
    const silent = known(new Map([['ChangeBoard', { unknown: 'no answer in 5 s' }]]))
    expect(calendarGate.check(anyGateFacts({ catalogue, calendars: silent }))).toEqual({
      because: expect.stringContaining('change-board'),
      endedBy: { kind: 'trigger', name: 'facts-readable' },
    })
    const open = known(new Map([['ChangeBoard', { changes: [{ atMs: 0, state: 'OPEN' }] } as const]]))
    expect(calendarGate.check(anyGateFacts({ catalogue, calendars: open }))).toBeUndefined()
  })

  it('asks for room for the whole ring before it opens, and for one more host while it is open', () => {
    const length = Math.max(...(anyPlan().rings[0]?.hosts ?? []).map((host) => host.startSeconds + 600))
    expect(calendarGate.check(anyGateFacts({ catalogue: freezeIn(length) }))).toBeUndefined()
    expect(calendarGate.check(anyGateFacts({ catalogue: freezeIn(length - 1) }))).toBeDefined()
    const inWork = { planHash, longestLeftSeconds: 600 }
    expect(calendarGate.check(anyPassFacts({ inWork, catalogue: freezeIn(600) }))).toBeUndefined()
    expect(calendarGate.check(anyPassFacts({ inWork, catalogue: freezeIn(599) }))).toEqual({
      because: expect.stringContaining('would run into freeze year-end'),
      endedBy: { kind: 'time', at: at(599 + 86_400) },
    })
  })

  it('tells of an emergency what it may pass a freeze with, and of no other change', () => {
    const catalogue = freezeIn(0)
    const emergency = changeOf({ class: 'emergency' })
    const pass = 'an emergency passes it only with a named extra approval'
    expect(calendarGate.check(anyGateFacts({ catalogue, change: emergency }))?.because).toContain(pass)
    expect(calendarGate.check(anyGateFacts({ catalogue }))?.because).not.toContain(pass)
  })

  it('2.3 an emergency passes a freeze by the extra vote on its plan, and by no ballot that cannot be read', () => {
    const plan = known(anyPlan({ freeze: { breaksDueAt: nowIso, overrideRole: 'security' } }))
    const facts = { catalogue: freezeIn(0), change: changeOf({ class: 'emergency' }), plan }
    expect(calendarGate.check(anyGateFacts(facts))).toBeUndefined()
    expect(calendarGate.check(anyGateFacts({ ...facts, plan: known(anyPlan()) }))?.because).toContain('year-end')
    for (const ballot of [{ kind: 'missing' }, { kind: 'unreadable', because: 'bad JSON' }] as const)
      expect(calendarGate.check(anyGateFacts({ ...facts, ballot }))?.because).toContain('year-end')
  })
})

import { describe, expect, it } from 'vitest'
import {
  Down,
  downElsewhere,
  hostFactsOf,
  isUnavailable,
  longestLeftSeconds,
  zoneLimitOf,
} from '../../../functions/rollout/budgets.ts'
import { unoccupied } from '../../../functions/rollout/occupancy.ts'
import { stepNames } from '../../../functions/rollout/ring.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { anyPlan } from '../planning/any-plan.ts'

const limit = (service: string, unavailableMax: number, unavailableMaxByZone: Record<string, number>) => ({
  service,
  hosts: 9,
  minimumHealthy: 9 - unavailableMax,
  unavailableMax,
  unavailableMaxByZone,
  dependsOn: [],
})
const web = (zone = 'a') => ({ services: ['web'], zone })
const [one, two, three] = ['i-00000001', 'i-00000002', 'i-00000003'] as const
const anyRing = (plan = anyPlan()) => openedRing(plan, 'a'.repeat(64), 'production', undefined, 'token', 'now')

describe('11.6 from which step on a host is down', () => {
  it.each(stepNames)('%s: from the install or rollback to the proof', (step) => {
    const isDisruptive = ['install', 'rollback', 'reboot', 'verify'].includes(step)
    const hasBegun = step === 'reboot' || step === 'verify'
    expect(isUnavailable({ step, state: 'sent', attempt: 1 })).toBe(isDisruptive)
    expect(isUnavailable({ step, state: 'waiting', attempt: 1 })).toBe(hasBegun)
    expect(isUnavailable({ step, state: 'done', attempt: 1 })).toBe(false)
    expect(isUnavailable({ step, state: 'skipped', attempt: 1 })).toBe(false)
    for (const state of ['failed', 'quarantined', 'gone'] as const)
      expect(isUnavailable({ step, state, attempt: 1 })).toBe(true)
  })
})

describe('I2 the facts of a host', () => {
  const [ring] = anyPlan().rings
  const hosts = (ring?.hosts ?? []).map((host, index) => ({
    ...host,
    services: index === 0 ? ['web', 'api'] : ['web'],
    zone: index === 2 ? 'b' : 'a',
    ...(index === 1 ? { account: '123456789012', region: 'eu-central-1' } : {}),
    ...(index === 2 ? { account: '123456789012' } : {}),
  }))
  /** Each test works out its own: facts of one plan are kept. */
  const placed = () => anyPlan({ rings: ring ? [{ ...ring, hosts }] : [] })

  it('name each service, and each service in its zone, as what it counts against', () => {
    expect(hostFactsOf(placed()).get(one)).toEqual({
      services: ['web', 'api'],
      zone: 'a',
      order: 0,
      durationSeconds: 600,
      budgets: ['web', 'api', 'web\na', 'api\na'],
      kind: 'web\napi\nweb\na\napi\na',
    })
  })

  it('have a place only where account and region are both known', () => {
    const plan = placed()
    expect(hostFactsOf(plan).get(two)?.place).toEqual({ account: '123456789012', region: 'eu-central-1' })
    expect(hostFactsOf(plan).get(one)).not.toHaveProperty('place')
    expect(hostFactsOf(plan).get(three)).not.toHaveProperty('place')
  })

  it('are worked out once for a plan, and anew for another', () => {
    const plan = placed()
    expect(hostFactsOf(plan)).toBe(hostFactsOf(plan))
    expect(hostFactsOf(anyPlan())).not.toBe(hostFactsOf(plan))
  })
})

describe('I2 room for one more host', () => {
  const limits = [limit('web', 2, { a: 2 }), limit('api', 2, { a: 1 })]

  it('is needed in every service of the host', () => {
    const down = new Down(anyPlan({ limits }))
    down.add(one, { services: ['api'], zone: 'a' })
    expect(down.mayAdd(two, web())).toBe(true)
    expect(down.mayAdd(two, { services: ['web', 'api'], zone: 'a' })).toBe(false)
  })

  it('is gone at the limit, and not one host before', () => {
    const down = new Down(anyPlan({ limits }))
    expect(down.mayAdd(one, web())).toBe(true)
    down.add(one, web())
    expect(down.mayAdd(two, web())).toBe(true)
    down.add(two, web())
    expect(down.mayAdd(three, web())).toBe(false)
  })

  it('counts a zone for its own service alone', () => {
    const down = new Down(anyPlan({ limits }))
    down.add(one, web())
    expect(down.mayAdd(two, { services: ['api'], zone: 'a' })).toBe(true)
  })

  it('knows who is down', () => {
    const down = new Down(anyPlan({ limits }))
    down.add(one, web())
    expect([down.has(one), down.has(two)]).toEqual([true, false])
  })

  it('is not there for any rival of a host that is down, on either side of the conflict', () => {
    const conflicts: [string, string][] = [
      [one, two],
      [three, one],
    ]
    const withDown = (hostId: string) => {
      const down = new Down(anyPlan({ limits: [limit('web', 9, { a: 9 })], conflicts }))
      down.add(hostId, web())
      return [one, two, three].filter((other) => other !== hostId && down.mayAdd(other, web()))
    }
    expect(withDown(one)).toEqual([])
    expect(withDown(two)).toEqual([three])
    expect(withDown(three)).toEqual([two])
  })

  it('is what the plan gives a zone by that very name, and none in any other', () => {
    expect(zoneLimitOf(limit('web', 2, { a: 1 }), 'a')).toBe(1)
    expect(zoneLimitOf(limit('web', 2, { a: 1 }), 'b')).toBe(0)
  })
})

describe('I13 the longest host that is left', () => {
  const plan = anyPlan()
  const at = (state: 'waiting' | 'sent' | 'done' | 'skipped') => ({ step: 'precheck', state, attempt: 1 }) as const

  it.each([
    ['waiting', 600],
    ['sent', 600],
    ['done', 0],
    ['skipped', 0],
  ] as const)('counts a host before its install that is %s: %d s', (state, seconds) => {
    expect(longestLeftSeconds({ ...anyRing(), hosts: { [one]: at(state) } }, plan)).toBe(seconds)
  })

  it('counts no host that is down, and none that the plan does not know', () => {
    const down = { step: 'install', state: 'sent', attempt: 1 } as const
    expect(longestLeftSeconds({ ...anyRing(), hosts: { [one]: down } }, plan)).toBe(0)
    expect(longestLeftSeconds({ ...anyRing(), hosts: { 'i-000000ff': at('waiting') } }, plan)).toBe(0)
  })
})

describe('I2 hosts that others have down', () => {
  const entry = (changeId: string, more: object = {}) => ({
    changeId,
    zone: 'a',
    isFailed: false,
    untilMs: 2_000,
    ...more,
  })
  const record = (down: Record<string, ReturnType<typeof entry>>) => ({
    key: { pk: '', sk: '' },
    version: 1,
    value: { ...unoccupied, down },
  })

  it('count in each service that has them, with zone and failure, and tell those that conflict', () => {
    const failed = entry('other', { ring: 'dev', isFailed: true, zone: 'b', hosts: 3, rivals: ['i-0000000a'] })
    const occupancies = new Map([
      ['web', record({ 'other dev failed b': failed, 'other dev busy a': entry('other', { ring: 'dev', hosts: 2 }) })],
      ['api', record({ 'other dev failed b': failed })],
    ])
    expect(downElsewhere(occupancies, anyRing(), 1_000)).toEqual([
      { service: 'web', zone: 'b', isFailed: true, hosts: 3, rivals: ['i-0000000a'] },
      { service: 'web', zone: 'a', isFailed: false, hosts: 2, rivals: [] },
      { service: 'api', zone: 'b', isFailed: true, hosts: 3, rivals: ['i-0000000a'] },
    ])
  })

  it('fill the service and the zone, and keep their rivals up', () => {
    const limits = anyPlan().limits.map((limit) => ({
      ...limit,
      unavailableMax: 3,
      unavailableMaxByZone: { a: 2, b: 3 },
    }))
    const down = new Down(anyPlan({ limits, conflicts: [[one, 'i-0000000a']] }))
    down.addOthers({ service: 'web', zone: 'a', isFailed: false, hosts: 2, rivals: ['i-0000000a'] })
    const [inA, inB] = ['a', 'b'].map((zone) => down.mayAdd(two, { services: ['web'], zone }))
    expect([inA, inB, down.mayAdd(one, { services: ['web'], zone: 'b' })]).toEqual([false, true, false])
    down.addOthers({ service: 'web', zone: 'b', isFailed: false, hosts: 1, rivals: [] })
    expect(down.mayAdd(two, { services: ['web'], zone: 'b' })).toBe(false)
  })

  it('count another change on a host of this ring, and this change on a host of another ring', () => {
    const ring = anyRing()
    const older = record({ [one]: entry('other'), [two]: entry(ring.changeId), 'i-000000ff': entry(ring.changeId) })
    expect(downElsewhere(new Map([['web', older]]), ring, 1_000).map(({ rivals }) => rivals)).toEqual([
      [one],
      ['i-000000ff'],
    ])
    const rings = ['dev', ring.name].map((name) => [name, entry(ring.changeId, { ring: name, hosts: 1 })] as const)
    const counted = new Map([['web', record(Object.fromEntries(rings))]])
    expect(downElsewhere(counted, ring, 1_000)).toHaveLength(1)
    expect(downElsewhere(counted, { ...ring, mode: 'rollback', name: 'dev.rollback' }, 1_000)).toEqual([])
  })

  it.each([
    [1_999, 1],
    [2_000, 0],
    [2_001, 0],
  ])('count until their entry runs out: at %d ms %d', (nowMs, hosts) => {
    const occupancies = new Map([['web', record({ 'i-0000000a': entry('other') })]])
    expect(downElsewhere(occupancies, anyRing(), nowMs)).toHaveLength(hosts)
  })

  it('are none where no service has a record', () => {
    expect(downElsewhere(new Map([['web', undefined]]), anyRing(), 0)).toEqual([])
  })
})

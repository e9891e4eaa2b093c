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
import type { HostProgress } from '../../../functions/rollout/ring.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { anyPlan } from '../planning/any-plan.ts'

const limit = (unavailableMax: number, unavailableMaxByZone: Record<string, number>) => ({
  service: 'web',
  hosts: 9,
  minimumHealthy: 9 - unavailableMax,
  unavailableMax,
  unavailableMaxByZone,
  dependsOn: [],
})
const web = (zone: string) => ({ services: ['web'], zone })

describe('I2 hosts of a service that may be down', () => {
  it('are as many in one zone as the zone may miss, however many the service may', () => {
    const down = new Down(anyPlan({ limits: [limit(3, { a: 1, b: 2 })] }))
    down.add('i-00000001', web('a'))
    expect(down.mayAdd('i-00000002', web('a'))).toBe(false)
    expect(down.mayAdd('i-00000003', web('b'))).toBe(true)
  })

  it('are as many over all zones as the service may miss, however many a zone may', () => {
    const down = new Down(anyPlan({ limits: [limit(1, { a: 2, b: 2 })] }))
    down.add('i-00000001', web('a'))
    expect(down.mayAdd('i-00000003', web('b'))).toBe(false)
  })

  it('are none in a zone or of a service without a limit', () => {
    const down = new Down(anyPlan({ limits: [limit(3, { a: 3 })] }))
    expect(down.mayAdd('i-00000001', web('c'))).toBe(false)
    expect(down.mayAdd('i-00000001', { services: ['api'], zone: 'a' })).toBe(false)
    expect(down.mayAdd('i-00000001', { services: ['web', 'api'], zone: 'a' })).toBe(false)
  })

  it.each(['__proto__', 'constructor', 'toString'])('are none in a zone that is named %s by its tag', (zone) => {
    expect(zoneLimitOf(limit(3, { a: 3 }), zone)).toBe(0)
    expect(new Down(anyPlan({ limits: [limit(3, { a: 3 })] })).mayAdd('i-00000001', web(zone))).toBe(false)
  })

  it('count a host once, and never two that are in conflict', () => {
    const down = new Down(anyPlan({ limits: [limit(2, { a: 2 })], conflicts: [['i-00000001', 'i-00000002']] }))
    down.add('i-00000001', web('a'))
    down.add('i-00000001', web('a'))
    expect(down.mayAdd('i-00000003', web('a'))).toBe(true)
    expect(down.mayAdd('i-00000002', web('a'))).toBe(false)
  })
})

describe('11.6 a host counts as down', () => {
  it.each<readonly [HostProgress['step'], HostProgress['state'], boolean]>([
    ['precheck', 'failed', true],
    ['install', 'failed', true],
    ['reboot', 'quarantined', true],
    ['install', 'gone', true],
    ['precheck', 'gone', true],
    ['install', 'sent', true],
    ['rollback', 'sent', true],
    ['reboot', 'waiting', true],
    ['verify', 'waiting', true],
    ['verify', 'sent', true],
    ['install', 'waiting', false],
    ['rollback', 'waiting', false],
    ['precheck', 'sent', false],
    ['restore-point', 'sent', false],
    ['collect', 'sent', false],
    ['precheck', 'skipped', false],
    ['verify', 'done', false],
  ])('at %s when it is %s: %s', (step, state, expected) => {
    expect(isUnavailable({ step, state, attempt: 1 })).toBe(expected)
  })
})

describe('hosts that others have down', () => {
  const ring = openedRing(anyPlan(), 'a'.repeat(64), 'production', undefined, 'token', 'now')
  const entry = (changeId: string, untilMs: number) => ({ changeId, zone: 'a', isFailed: false, untilMs })
  const occupancies = new Map([
    [
      'web',
      {
        key: { pk: '', sk: '' },
        version: 1,
        value: {
          ...unoccupied,
          down: {
            'i-00000001': entry(ring.changeId, 2_000),
            'i-00000009': entry(ring.changeId, 2_000),
            'i-0000000a': entry('other', 2_000),
            'i-0000000b': entry('other', 1_000),
          },
        },
      },
    ],
    ['api', undefined],
  ])

  it('are those of other changes and of other rings of this one, as long as their entries last', () => {
    expect(downElsewhere(occupancies, ring, 1_000).flatMap(({ rivals }) => rivals)).toEqual([
      'i-00000009',
      'i-0000000a',
    ])
  })
})

describe('I13 what is left to do in a ring', () => {
  it('is the longest host of those that were not taken down yet', () => {
    const [first] = anyPlan().rings
    const hosts = (first?.hosts ?? []).map((host, index) => ({ ...host, durationSeconds: 100 * (index + 1) }))
    const plan = anyPlan({ rings: first ? [{ ...first, hosts }] : [] })
    const ring = openedRing(plan, 'a'.repeat(64), 'production', undefined, 'token', 'now')
    const at = (step: HostProgress['step'], state: HostProgress['state']) => ({ step, state, attempt: 1 })
    expect(longestLeftSeconds(ring, plan)).toBe(300)
    expect(longestLeftSeconds({ ...ring, hosts: { ...ring.hosts, 'i-00000003': at('reboot', 'waiting') } }, plan)).toBe(
      200,
    )
    const done = Object.fromEntries(Object.keys(ring.hosts).map((hostId) => [hostId, at('verify', 'done')]))
    expect(longestLeftSeconds({ ...ring, hosts: done }, plan)).toBe(0)
    expect(hostFactsOf(plan).get('i-00000002')?.durationSeconds).toBe(200)
  })
})

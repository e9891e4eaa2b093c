import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import { runs } from '../../runs.ts'
import { hostIds, serviceNames, type Together, together } from './together.ts'

const run = (options: Partial<Together>) =>
  together({ changes: [], unavailableMax: 1, faults: [], seed: 1, ...options })
const patch = (service: Together['changes'][number]['service']) => ({ service, isRollback: false })

describe('I3 between changes', () => {
  it('never has a service and what it depends on in work together, and both finish', async () => {
    const { rings, violations } = await run({ changes: [patch('web'), patch('db')] })
    expect(violations).toEqual([])
    expect(rings.map(({ state }) => state)).toEqual(['succeeded', 'succeeded'])
  })

  it('lets changes on services that do not depend on each other run side by side', async () => {
    const [one, both] = [await run({ changes: [patch('web')] }), await run({ changes: [patch('web'), patch('batch')] })]
    expect(both.violations).toEqual([])
    expect(both.seconds).toBeLessThan(1.5 * one.seconds)
  })

  it('lets a rollback go before a patch that is under way, at the next host', async () => {
    const { rings, violations } = await run({
      changes: [patch('db'), { service: 'web', isRollback: true, startsAtSeconds: 10 }],
    })
    const [patched, restored] = [
      rings.find(({ mode }) => mode === 'patch'),
      rings.find(({ mode }) => mode === 'rollback'),
    ]
    expect(violations).toEqual([])
    expect([patched?.state, restored?.state]).toEqual(['succeeded', 'succeeded'])
    expect(Date.parse(restored?.endedAt ?? '')).toBeLessThan(Date.parse(patched?.endedAt ?? ''))
  })

  it('lets the older change go first, so that none waits for ever', async () => {
    const changes = [{ ...patch('web'), startsAtSeconds: 10 }, patch('db')]
    const { rings, violations } = await run({ changes })
    const [older, younger] = ['web', 'db'].map((_, index) => Date.parse(rings[index]?.endedAt ?? ''))
    expect(violations).toEqual([])
    expect(older).toBeLessThan(younger ?? 0)
  })

  it('counts the hosts of every change against the floor of a service that two of them touch', async () => {
    const { rings, violations } = await run({ changes: [patch('api'), patch('batch'), patch('api')] })
    expect(violations).toEqual([])
    expect(rings.every(({ state }) => state === 'succeeded')).toBe(true)
  })

  it('I2 I3 I11 holds, and every change ends, whatever is asked for at once and whatever fails', async () => {
    const fault = fc.record({
      fault: fc.constantFrom<Fault['fault']>(
        'transient-failure',
        'delivery-timeout',
        'lying-success',
        'execution-timeout',
      ),
      hostId: fc.constantFrom(...hostIds),
      step: fc.constantFrom('install', 'reboot', 'verify', 'rollback'),
      times: fc.integer({ min: 1, max: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ service: fc.constantFrom(...serviceNames), isRollback: fc.boolean() }), {
          minLength: 2,
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 2 }),
        fc.array(fault, { maxLength: 3 }),
        fc.nat(1000),
        async (changes, unavailableMax, faults, seed) => {
          const { rings, violations } = await together({ changes, unavailableMax, faults, seed })
          expect(violations).toEqual([])
          expect(rings.filter(({ state }) => state === 'open')).toEqual([])
        },
      ),
      { numRuns: runs(25), seed: 20261124 },
    )
  }, 60_000)
})

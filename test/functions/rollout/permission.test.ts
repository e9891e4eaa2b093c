import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PermissionFacts, permissionOf } from '../../../functions/rollout/permission.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyService, catalogueOf } from './any-catalogue.ts'
import { type SimulationOptions, simulate } from './simulation.ts'

const planHash = 'a'.repeat(64)
const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const iso = (ms: number) => new Date(ms).toISOString()
const plan = anyPlan()
const ring = openedRing(plan, planHash, 'production', undefined, 'token', iso(startMs))
const change = anyChange({ state: 'in-progress', planHash, ring: 'production' })
const stop = { all: true, changeIds: [], because: 'smoke', by: 'sven', at: '' }

const ask = (facts: Partial<PermissionFacts> = {}) =>
  permissionOf({
    ring,
    plan,
    change,
    catalogue: catalogueOf([anyService('web')]),
    stop: undefined,
    nowIso: iso(startMs),
    ...facts,
  })
/** A freeze of a day that starts in so many seconds. */
const freezeIn = (seconds: number) => {
  const start = iso(startMs + 1_000 * seconds)
  const end = iso(startMs + 1_000 * (seconds + 86_400))
  return catalogueOf([anyService('web')], {
    freezes: [{ name: 'year-end', services: ['web'], start, end, reason: 'books' }],
  })
}

describe('whether an open ring may go on', () => {
  it('is yes when everything is as it was when it opened', () => {
    expect(ask()).toEqual({})
  })

  it.each<readonly [string, Partial<PermissionFacts>, object]>([
    ['I18 the kill switch', { stop }, { stop: { because: 'stopped by sven: smoke' } }],
    [
      'I18 a stop of this change',
      { stop: { ...stop, all: false, changeIds: [change.changeId] } },
      { stop: { because: 'stopped by sven: smoke' } },
    ],
    ['I20 a change that cannot be read', { change: undefined }, { stop: { because: 'the change cannot be read' } }],
    [
      'I4 another plan',
      { change: { ...change, planHash: 'b'.repeat(64) } },
      { stop: { because: 'the ring was opened for another plan' } },
    ],
    [
      'a change that was held meanwhile',
      { change: { ...change, state: 'held' } },
      { stop: { because: 'the change is held' } },
    ],
    [
      'a change that is in another ring',
      { change: { ...change, ring: 'dev' } },
      { stop: { because: 'the change is in-progress' } },
    ],
    ['I20 no catalogue', { catalogue: undefined }, { closed: { because: 'the catalogue cannot be read' } }],
    [
      'I20 a service that has left it',
      { catalogue: catalogueOf([anyService('api')]) },
      { closed: { because: 'no longer in the catalogue: web' } },
    ],
  ])('is no at %s', (_, facts, expected) => {
    expect(ask(facts)).toMatchObject(expected)
  })

  it('is yes in spite of a stop of another change', () => {
    expect(ask({ stop: { ...stop, all: false, changeIds: ['01J00000000000000000000999'] } })).toEqual({})
  })

  it('I13 asks for room for one more host, not for the whole ring', () => {
    expect(ask({ catalogue: freezeIn(600) })).toEqual({})
    expect(ask({ catalogue: freezeIn(599) })).toMatchObject({
      closed: { because: expect.stringContaining('would run into freeze year-end'), until: iso(startMs + 86_999_000) },
    })
  })

  it('is yes for a rollback, whatever is stopped or closed', () => {
    expect(ask({ ring: { ...ring, mode: 'rollback' }, stop, change: undefined, catalogue: undefined })).toEqual({})
  })
})

const anyRun = (options: Partial<SimulationOptions>): SimulationOptions => ({
  hosts: 12,
  unavailableMax: 2,
  failureBudget: 1,
  faults: [],
  seed: 1,
  ...options,
})

describe('I13 F38 a window that closes in the middle of a ring', () => {
  it('lets hosts that are down come up again, starts no other, and holds the change until it opens again', async () => {
    const { ring: ended, change: after } = await simulate(anyRun({ catalogue: freezeIn(630) }))
    const states = Object.values(ended.hosts).map(({ state, step }) => `${step} ${state}`)
    expect(new Set(states)).toEqual(new Set(['verify done', 'install waiting']))
    expect(ended.state).toBe('stopped')
    expect(after).toMatchObject({
      state: 'held',
      heldFrom: 'in-progress',
      heldUntil: iso(startMs + 1_000 * (630 + 86_400)),
    })
    expect(after?.heldBecause).toContain('would run into freeze year-end')
  })

  it('never starts a host that cannot end in time, whenever it closes and whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 600, max: 680 }), fc.nat(1000), fc.nat(11), async (seconds, seed, index) => {
        const hostId = `i-${(index + 1).toString(16).padStart(8, '0')}`
        const faults = [{ fault: 'transient-failure', hostId, step: 'install', times: 1 } as const]
        const { ring: ended, fleet } = await simulate(anyRun({ catalogue: freezeIn(seconds), seed, faults }))
        const late = [...fleet.commands.values()].filter(
          ({ documentName, requestedAtMs }) =>
            documentName === 'Drydock-Install' && requestedAtMs + 600_000 > startMs + 1_000 * seconds,
        )
        expect(late).toEqual([])
        expect(ended.state).not.toBe('open')
      }),
      { numRuns: 25, seed: 20261125 },
    )
  })
})

describe('I18 F45 the kill switch', () => {
  it('sends nothing more from the second on at which it is pulled, whichever that is, and holds the change', async () => {
    for (let stopAtSeconds = 0; stopAtSeconds < 40; stopAtSeconds++) {
      const { ring: ended, change: after, commandsAfterStop, mostDown } = await simulate(anyRun({ stopAtSeconds }))
      expect(commandsAfterStop, `pulled after ${stopAtSeconds} s`).toBe(0)
      expect(mostDown).toBeLessThanOrEqual(2)
      expect(ended.state).toBe('stopped')
      expect(after).toMatchObject({ state: 'held', heldBecause: 'stopped by sven: test' })
    }
  })

  it('lets a ring go on where it stood once it is lifted', async () => {
    const stopped = await simulate(anyRun({ stopAtSeconds: 12 }))
    const again = openedRing(plan, planHash, 'production', stopped.ring, 'next-token', iso(startMs))
    expect(again).toMatchObject({ state: 'open', taskToken: 'next-token', hosts: stopped.ring.hosts })
    expect(
      permissionOf({
        ring: again,
        plan,
        change,
        catalogue: catalogueOf([anyService('web')]),
        stop: undefined,
        nowIso: iso(startMs),
      }),
    ).toEqual({})
  })
})

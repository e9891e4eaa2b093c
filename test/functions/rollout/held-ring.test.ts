import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EvidenceHealth } from '../../../functions/evidence/health.ts'
import { checkGates } from '../../../functions/rollout/gates/gates.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { runs } from '../../runs.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyService, catalogueOf } from './any-catalogue.ts'
import { anyPassFacts } from './gates/any-gate-facts.ts'
import { type SimulationOptions, simulate } from './simulation.ts'

const planHash = 'a'.repeat(64)
const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const iso = (ms: number) => new Date(ms).toISOString()
const plan = anyPlan()

/** A freeze of a day that starts in so many seconds. */
const freezeIn = (seconds: number) => {
  const start = iso(startMs + 1_000 * seconds)
  const end = iso(startMs + 1_000 * (seconds + 86_400))
  return catalogueOf([anyService('web')], {
    freezes: [{ name: 'year-end', services: ['web'], start, end, reason: 'books' }],
  })
}

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
      { numRuns: runs(25), seed: 20261125 },
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
    expect(checkGates(anyPassFacts(), 'every pass')).toEqual({ verdict: 'go' })
  })
})

describe('F42 evidence that can no longer be filed in the middle of a ring', () => {
  const from = (second: number, health: EvidenceHealth) => (seconds: number) =>
    seconds < second ? { headAgeSeconds: 0, pending: 0 } : health

  it.each<readonly [string, EvidenceHealth, string]>([
    ['its archiver fails', { headAgeSeconds: 0, pending: 1, lastError: 'DD2103' }, 'evidence cannot be filed: DD2103'],
    [
      'it is unreadable',
      { headAgeSeconds: undefined, pending: undefined },
      'evidence cannot be filed: the outbox or the head of the log cannot be read',
    ],
    ['it is late', { headAgeSeconds: 301, pending: 1 }, 'evidence is late: the oldest transition has waited for 301 s'],
    [
      'its age is missing',
      { headAgeSeconds: undefined, pending: 1 },
      'evidence is late: 1 transition waiting, for an unknown time',
    ],
  ])('finishes the hosts that are down and starts no other where %s', async (_, health, because) => {
    const { ring: ended, change: after, fleet } = await simulate(anyRun({ evidenceAt: from(20, health) }))
    const states = Object.values(ended.hosts).map(({ state, step }) => `${step} ${state}`)
    expect(new Set(states)).toEqual(new Set(['verify done', 'install waiting']))
    expect(ended).toMatchObject({ state: 'stopped', because })
    expect(after).toMatchObject({
      state: 'held',
      heldFrom: 'in-progress',
      heldFor: [{ gate: 'evidence', because, endedBy: { kind: 'trigger', name: 'evidence-filed' } }],
    })
    expect(after).not.toHaveProperty('heldUntil')
    const late = [...fleet.commands.values()].filter(
      ({ documentName, requestedAtMs }) => documentName === 'Drydock-Install' && requestedAtMs >= startMs + 20_000,
    )
    expect(late).toEqual([])
  })

  it('goes through with the ring where it is filed again before the last host that is down has come up', async () => {
    const evidenceAt = (seconds: number) =>
      seconds < 14 || seconds > 17 ? { headAgeSeconds: 0, pending: 0 } : { headAgeSeconds: 900, pending: 1 }
    const { ring: ended } = await simulate(anyRun({ evidenceAt }))
    expect(ended.state).toBe('succeeded')
  })
})

describe('11.5 an approval that falls in the middle of a ring', () => {
  it('I4 starts no further host and holds for people, once its quorum no longer stands', async () => {
    const { ring: ended, change: after } = await simulate(anyRun({ approvalGoneAtSeconds: 20 }))
    const states = Object.values(ended.hosts).map(({ state, step }) => `${step} ${state}`)
    expect(new Set(states)).toEqual(new Set(['verify done', 'install waiting']))
    expect(after).toMatchObject({
      state: 'held',
      heldFor: [{ gate: 'approval', endedBy: { kind: 'person', role: 'change-manager' } }],
    })
  })
})

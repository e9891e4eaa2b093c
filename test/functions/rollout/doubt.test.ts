import { describe, expect, it } from 'vitest'
import type { HoldReason } from '../../../functions/changes/hold.ts'
import { doubted, doubtMsMax, isDoubting } from '../../../functions/rollout/doubt.ts'
import type { GateVerdict } from '../../../functions/rollout/gates/gates.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { simulate } from './simulation.ts'

const at = '2026-01-01T00:00:00.000Z'
const later = (ms: number) => new Date(Date.parse(at) + ms).toISOString()
const ring = openedRing(anyPlan(), 'a'.repeat(64), 'production', undefined, 't', at)
const unreadable: HoldReason = { gate: 'stop', because: 'r', endedBy: { kind: 'trigger', name: 'facts-readable' } }
const late: HoldReason = { gate: 'evidence', because: 'l', endedBy: { kind: 'trigger', name: 'evidence-filed' } }
const holding = (...holds: readonly [HoldReason, ...HoldReason[]]): GateVerdict => ({
  verdict: 'hold',
  leaves: 'hosts-down',
  holds,
})

describe('I20 the doubt of an open ring', () => {
  it('begins with the first look at which a fact is unreadable or evidence is late, and keeps its instant', () => {
    const first = doubted(ring, holding(unreadable, late), at)
    expect(first.doubtedSince).toBe(at)
    expect(doubted(first, holding(late), later(60_000))).toBe(first)
  })

  it.each<readonly [string, GateVerdict]>([
    ['every gate lets it go on', { verdict: 'go' }],
    ['a person must end what holds', holding(unreadable, { ...late, endedBy: { kind: 'person', role: 'operations' } })],
    ['another catalogue must', holding({ ...late, endedBy: { kind: 'trigger', name: 'catalogue-loaded' } })],
    ['a time must', holding(unreadable, { ...late, endedBy: { kind: 'time', at } })],
  ])('is none, and ends, where %s', (_, gates) => {
    expect(doubted(ring, gates, at)).toBe(ring)
    expect(doubted({ ...ring, doubtedSince: at }, gates, at)).toEqual(ring)
  })

  it('is waited for no longer than four sweeps', () => {
    const doubting = { ...ring, doubtedSince: at }
    expect(isDoubting(doubting, later(doubtMsMax - 1))).toBe(true)
    expect(isDoubting(doubting, later(doubtMsMax))).toBe(false)
    expect(isDoubting(ring, at)).toBe(false)
  })
})

const run = (from: number, to: number) =>
  simulate({
    hosts: 6,
    unavailableMax: 2,
    failureBudget: 1,
    faults: [],
    seed: 1,
    evidenceAt: (seconds) =>
      seconds >= from && seconds < to
        ? { headAgeSeconds: undefined, pending: undefined }
        : { headAgeSeconds: 0, pending: 0 },
  })

describe('I20 a brief fault of reading in an open ring', () => {
  it('with no host down stops nothing: the ring looks again by itself and goes through', async () => {
    const { ring: ended, change, evidence } = await run(0, 60)
    expect([ended.state, change?.state]).toEqual(['succeeded', 'validating'])
    expect(ended).not.toHaveProperty('doubtedSince')
    const told = evidence.filter(({ body }) => JSON.stringify(body).includes('"doubts"'))
    expect(told).toHaveLength(1)
  })

  it('that lasts holds the change, as it must be seen', async () => {
    const { ring: ended, change } = await run(0, 10_000)
    expect([ended.state, change?.state, change?.heldFor?.[0]?.gate]).toEqual(['stopped', 'held', 'evidence'])
  })
})

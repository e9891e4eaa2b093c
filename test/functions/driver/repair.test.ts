import { describe, expect, it } from 'vitest'
import type { Change } from '../../../functions/changes/change.ts'
import type { HoldReason } from '../../../functions/changes/hold.ts'
import { isStuck, repairOf } from '../../../functions/driver/repair.ts'
import { anyChange } from '../changes/any-change.ts'

const now = '2026-03-02T10:00:00.000Z'
const anyNews = (over: Partial<Parameters<typeof repairOf>[1]> = {}) => ({ now, isCatalogueNew: false, ...over })
const anyHeld = (...endedBy: HoldReason['endedBy'][]) =>
  anyChange({
    state: 'held',
    heldFrom: 'scheduled',
    heldFor: endedBy.map((end) => ({ gate: 'gate', because: 'because', endedBy: end })),
  })
const trigger = (name: 'evidence-filed' | 'catalogue-loaded' | 'facts-readable' | 'probes-healthy') =>
  ({ kind: 'trigger', name }) as const
const security = { kind: 'person', role: 'security' } as const

describe('I11 repairOf', () => {
  it.each(['draft', 'assessed', 'planned', 'awaiting-approval', 'in-progress', 'validating'] as const)(
    'sees to it that a change that is %s has a driver',
    (state) => expect(repairOf(anyChange({ state }), anyNews())).toBe('ensure-driver'),
  )

  it.each([
    ['has passed', '2026-03-02T09:59:59.999Z', 'ensure-driver'],
    ['passes now', now, 'ensure-driver'],
    ['is to come', '2026-03-02T10:00:00.001Z', 'none'],
  ] as const)('a hold whose time %s', (_, heldUntil, repair) => {
    expect(repairOf(anyChange({ state: 'held', heldUntil }), anyNews())).toBe(repair)
  })

  it.each([
    ['approved', 'ask-again'],
    ['in-review', 'none'],
  ] as const)(
    'a hold whose time is to come, of a change that was %s, once another catalogue was loaded: %s',
    (heldFrom, repair) => {
      const held = anyChange({ state: 'held', heldFrom, heldUntil: '2026-03-09T10:00:00.000Z' })
      expect(repairOf(held, anyNews({ isCatalogueNew: true }))).toBe(repair)
    },
  )

  const outdated = (over: Partial<Change> = {}) =>
    anyChange({
      state: 'held',
      heldFrom: 'scheduled',
      heldFor: ['approval', 'documents'].map((gate) => ({
        gate,
        because: 'of the past',
        endedBy: { kind: 'person', role: 'change-manager' },
      })),
      ...over,
    })

  it('11.4 plans a change again that only another plan or ballot lets go on', () => {
    expect(repairOf(outdated(), anyNews())).toBe('replan')
  })

  it.each([
    ['a ring of it was opened', { ring: 'dev' }],
    ['it was never approved', { heldFrom: 'in-review' as const }],
    [
      'a stop holds it too',
      { heldFor: [...(outdated().heldFor ?? []), { gate: 'stop', because: 's', endedBy: security }] },
    ],
    [
      'a fact could not be read',
      { heldFor: [{ gate: 'documents', because: 'd', endedBy: trigger('facts-readable') }] },
    ],
  ])('leaves it alone where %s', (_, over) => {
    expect(repairOf(outdated(over), anyNews())).not.toBe('replan')
  })

  it('leaves a hold of before, without an end, to people', () => {
    expect(repairOf(anyChange({ state: 'held', heldBecause: 'stopped' }), anyNews())).toBe('none')
  })

  it.each(['evidence-filed', 'facts-readable', 'probes-healthy', 'catalogue-loaded'] as const)(
    'asks the gates of a ring again whether %s happened',
    (name) => expect(repairOf(anyHeld(trigger(name)), anyNews())).toBe('ask-again'),
  )

  it.each([
    [true, 'ask-again'],
    [false, 'none'],
  ] as const)(
    'asks a change without votes again only where another catalogue was loaded: %s',
    (isCatalogueNew, repair) => {
      const held = { ...anyHeld(trigger('catalogue-loaded')), heldFrom: 'in-review' as const }
      expect(repairOf(held, anyNews({ isCatalogueNew }))).toBe(repair)
    },
  )

  it('a person among the ends is waited for, whatever else may have ended', () => {
    expect(repairOf(anyHeld(trigger('probes-healthy'), security), anyNews({ isCatalogueNew: true }))).toBe('none')
  })

  it.each([
    ['has passed', '2026-03-02T09:00:00.000Z', 'ask-again'],
    ['is to come', '2026-03-02T11:00:00.000Z', 'none'],
  ] as const)('beside a trigger a time counts too: one that %s', (_, at, repair) => {
    expect(repairOf(anyHeld(trigger('probes-healthy'), { kind: 'time', at }), anyNews())).toBe(repair)
  })
})

describe('I11 isStuck', () => {
  const updatedAt = '2026-03-02T08:00:00.000Z'
  const stuck = (over: Parameters<typeof anyChange>[0], ballotDeadlineAt?: string, stuckAfterMinutes = 60) =>
    isStuck({ change: anyChange({ updatedAt, ...over }), ballotDeadlineAt, now, stuckAfterMinutes })

  it('3.2 a deferred change is not stuck before its day, and is once that has long passed', () => {
    const deferred = (until: string) => ({ state: 'assessed' as const, deferred: { until, because: 'no due date' } })
    expect(stuck(deferred('2026-03-02T09:30:00.000Z'))).toBe(false)
    expect(stuck(deferred('2026-03-02T08:30:00.000Z'))).toBe(true)
  })

  it('counts from the last move, and a change reassessed since has not moved', () => {
    expect(stuck({ state: 'in-progress', reassessedAt: now })).toBe(true)
    expect(stuck({ state: 'in-progress' }, undefined, 119)).toBe(true)
    expect(stuck({ state: 'in-progress' }, undefined, 120)).toBe(false)
  })

  it.each([
    ['passed an hour ago and a moment', '2026-03-02T08:59:59.999Z', true],
    ['passed an hour ago', '2026-03-02T09:00:00.000Z', false],
    ['is to come', '2026-03-02T12:00:00.000Z', false],
  ] as const)('counts a held change from the end of its hold: one that %s', (_, heldUntil, isIt) => {
    expect(stuck({ state: 'held', heldUntil })).toBe(isIt)
  })

  it('does not count a change that is held for a person, however long', () => {
    expect(stuck({ state: 'held', updatedAt: '2025-01-01T00:00:00.000Z' })).toBe(false)
  })

  it.each([
    ['its ballot closed an hour ago and a moment', '2026-03-02T08:59:59.999Z', true],
    ['its ballot is open', '2026-03-02T12:00:00.000Z', false],
    ['nobody knows when its ballot closes', undefined, true],
  ] as const)('counts a change that awaits approval where %s', (_, deadlineAt, isIt) => {
    expect(stuck({ state: 'awaiting-approval' }, deadlineAt)).toBe(isIt)
  })
})

import { describe, expect, it } from 'vitest'
import { ChangeState } from '../../../functions/changes/change.ts'
import { type NextStepFacts, nextStep } from '../../../functions/driver/next-step.ts'
import { anyChange } from '../changes/any-change.ts'

const anyFacts = (facts: Partial<NextStepFacts> = {}): NextStepFacts => ({
  change: anyChange(),
  rings: ['dev', 'production'],
  ring: undefined,
  validation: undefined,
  gatherSeconds: 0,
  now: '2026-01-02T03:04:05.000Z',
  ...facts,
})

describe('4.1 nextStep', () => {
  it('F21 knows a step for every state', () => {
    for (const state of ChangeState.options)
      expect(nextStep(anyFacts({ change: anyChange({ state, ring: 'dev' }) })).step).toBeTypeOf('string')
  })

  it('waits while findings gather, then plans', () => {
    expect(nextStep(anyFacts({ gatherSeconds: 60 }))).toEqual({ step: 'wait', seconds: 60 })
    expect(nextStep(anyFacts({ gatherSeconds: 60, now: '2026-01-02T03:05:05.000Z' }))).toEqual({ step: 'plan' })
  })

  const deferral = { until: '2026-01-05T00:00:00.000Z', because: 'no due date' }

  it('3.2 defers a change without due date with date and reason, then waits, then plans', () => {
    expect(nextStep(anyFacts({ deferral }))).toEqual({ step: 'defer', ...deferral })
    expect(nextStep(anyFacts({ deferral, change: anyChange({ deferred: deferral }) }))).toMatchObject({ step: 'wait' })
    expect(nextStep(anyFacts({ deferral, now: deferral.until }))).toEqual({ step: 'plan' })
  })

  it('3.2 plans a deferred change at once when it gets a due date', () => {
    expect(nextStep(anyFacts({ change: anyChange({ deferred: deferral }) }))).toEqual({ step: 'plan' })
  })

  it.each([
    [
      'an approved change deploys its first ring',
      { change: anyChange({ state: 'approved' }) },
      { step: 'deploy', ring: 'dev' },
    ],
    [
      'an open ring is deployed again after its driver died',
      { change: anyChange({ state: 'in-progress', ring: 'dev' }), ring: { state: 'open' } },
      { step: 'deploy', ring: 'dev' },
    ],
    [
      'a halted ring is rolled back',
      { change: anyChange({ state: 'in-progress', ring: 'dev' }), ring: { state: 'halted', because: 'budget spent' } },
      { step: 'roll-back', ring: 'dev', reason: 'budget spent' },
    ],
    [
      'I18 a ring whose stop was lifted and whose change was released is deployed again, past its gates',
      { change: anyChange({ state: 'in-progress', ring: 'dev' }), ring: { state: 'stopped', because: 'stop' } },
      { step: 'deploy', ring: 'dev' },
    ],
    [
      'F13 a ring that succeeded a moment ago, beside its change as it was, is looked at again',
      {
        change: anyChange({ state: 'in-progress', ring: 'dev' }),
        ring: { state: 'succeeded', endedAt: '2026-01-02T03:03:06.000Z' },
      },
      { step: 'wait', seconds: 2 },
    ],
    [
      'I11 a change moves past the ring that succeeded a minute ago, while it was held',
      {
        change: anyChange({ state: 'in-progress', ring: 'dev' }),
        ring: { state: 'succeeded', endedAt: '2026-01-02T03:03:05.000Z' },
      },
      { step: 'advance', ring: 'dev' },
    ],
    [
      'I20 a ring that succeeded nobody knows when holds',
      { change: anyChange({ state: 'in-progress', ring: 'dev' }), ring: { state: 'succeeded' } },
      { step: 'hold', because: 'ring dev succeeded at an unknown time' },
    ],
    [
      'I20 a change in progress without a ring holds',
      { change: anyChange({ state: 'in-progress' }) },
      { step: 'hold', because: 'in progress without a ring' },
    ],
    [
      'I20 a change that validates without a ring holds',
      { change: anyChange({ state: 'validating' }) },
      { step: 'hold', because: 'validating without a ring' },
    ],
    [
      'a deployed ring is validated',
      { change: anyChange({ state: 'validating', ring: 'dev' }) },
      { step: 'validate', ring: 'dev' },
    ],
    [
      'a ring that failed validation is rolled back',
      {
        change: anyChange({ state: 'validating', ring: 'dev' }),
        validation: { state: 'failed', because: 'errors up' },
      },
      { step: 'roll-back', ring: 'dev', reason: 'errors up' },
    ],
    [
      'F37 a change released from an inconclusive validation is validated anew',
      { change: anyChange({ state: 'validating', ring: 'dev' }), validation: { state: 'inconclusive' } },
      { step: 'validate', ring: 'dev' },
    ],
    [
      'a validated ring promotes',
      { change: anyChange({ state: 'validating', ring: 'dev', ringsDone: ['dev'] }) },
      { step: 'deploy', ring: 'production' },
    ],
    [
      'the last validated ring closes',
      { change: anyChange({ state: 'validating', ring: 'production', ringsDone: ['dev', 'production'] }) },
      { step: 'close' },
    ],
    [
      'a plan without rings holds',
      { change: anyChange({ state: 'approved' }), rings: [] },
      { step: 'hold', because: 'the plan has no ring' },
    ],
    ['a hold without an end waits for a person', { change: anyChange({ state: 'held' }) }, { step: 'park' }],
    [
      'a hold that has passed is released',
      { change: anyChange({ state: 'held', heldUntil: '2026-01-01T00:00:00.000Z' }) },
      { step: 'release' },
    ],
    [
      'a long hold is looked at daily',
      { change: anyChange({ state: 'held', heldUntil: '2026-03-01T00:00:00.000Z' }) },
      { step: 'wait', seconds: 86_400 },
    ],
  ] as const)('%s', (_, facts, expected) => {
    expect(nextStep(anyFacts(facts))).toEqual(expected)
  })
})

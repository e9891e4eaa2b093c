import { describe, expect, it } from 'vitest'
import { planGate } from '../../../../functions/rollout/gates/plan.ts'
import { planHash } from '../../approvals/any-ballot.ts'
import { anyChange } from '../../changes/any-change.ts'
import { anyGateFacts, anyPassFacts, changeOf, known } from './any-gate-facts.ts'

const inProgress = { state: 'in-progress', ring: 'production' } as const

describe('the plan of a ring', () => {
  it('I4 is no longer the one that the open ring was opened for', () => {
    const change = changeOf({ ...inProgress, planHash: 'b'.repeat(64) })
    expect(planGate.check(anyPassFacts({ change }))).toMatchObject({ because: 'the ring was opened for another plan' })
  })

  it.each([
    ['was held meanwhile', changeOf({ ...inProgress, state: 'held' }), 'the change is held'],
    ['is in another ring', changeOf({ ...inProgress, ring: 'dev' }), 'the change is in-progress'],
  ])('is not worked on where the change %s', (_, change, because) => {
    expect(planGate.check(anyPassFacts({ change }))).toEqual({
      because,
      endedBy: { kind: 'person', role: 'change-manager' },
    })
  })

  it('may open a ring for a change that is not in progress yet, and may go on in it afterwards', () => {
    expect(planGate.check(anyGateFacts())).toBeUndefined()
    expect(planGate.check(anyPassFacts())).toBeUndefined()
    expect(anyPassFacts().inWork?.planHash).toBe(planHash)
  })

  it('holds where the change has none, or it has no such ring', () => {
    const { planHash: _, ...change } = anyChange({ state: 'approved', planHash })
    expect(planGate.check(anyGateFacts({ change: known(change) }))).toMatchObject({ because: 'the change has no plan' })
    expect(planGate.check(anyGateFacts({ ring: 'canary' }))).toMatchObject({ because: 'the plan has no ring canary' })
  })
})

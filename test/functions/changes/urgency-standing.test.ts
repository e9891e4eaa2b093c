import { describe, expect, it } from 'vitest'
import { urgencyStanding } from '../../../functions/changes/urgency-standing.ts'
import { assess } from '../../../functions/risk/assess.ts'
import type { RiskFacts } from '../../../functions/risk/assessment.ts'
import { anyFacts, anyRiskPolicy, sha256 } from '../risk/any-facts.ts'
import { anyPolicy } from '../validation/builders.ts'
import { anyChange } from './any-change.ts'

const decided = (over: Partial<RiskFacts>) => assess('F1', anyFacts(over), anyRiskPolicy(), sha256)
const sixtyDays = decided({})
const threeDays = decided({ automatable: 'yes', technicalImpact: 'total' })
const asStrict = { dueAt: '2026-10-04T08:00:00.000Z', priority: 99, class: 'emergency' } as const

describe('11.1 urgencyStanding', () => {
  it('asks for the strictest of all assessments', () => {
    const { asked } = urgencyStanding(anyChange(), [sixtyDays, threeDays], anyPolicy())
    expect(asked).toEqual({
      dueAt: '2026-10-04T08:00:00.000Z',
      priority: threeDays.priority,
      class: 'emergency',
      needsForensicTriage: false,
    })
  })

  it.each([
    ['as strict', asStrict, true],
    ['stricter from an earlier decision', { ...asStrict, dueAt: '2026-10-01T00:00:00.000Z', priority: 100 }, true],
    ['due later', { ...asStrict, dueAt: '2026-10-05T00:00:00.000Z' }, false],
    ['without due date', { priority: 99, class: 'emergency' }, false],
    ['of a milder class', { ...asStrict, class: 'normal' }, false],
    ['of a lower priority', { ...asStrict, priority: 1 }, false],
  ] as const)('tells a change that is %s', (_, over, isHonoured) => {
    expect(urgencyStanding(anyChange(over), [sixtyDays, threeDays], anyPolicy()).isHonoured).toBe(isHonoured)
  })

  it('asks for nothing without an active finding', () => {
    expect(urgencyStanding(anyChange(), [], anyPolicy())).toEqual({ isHonoured: true })
  })
})

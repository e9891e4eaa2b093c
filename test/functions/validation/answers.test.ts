import { describe, expect, it } from 'vitest'
import { judgeAnswer, startAnswer } from '../../../functions/validation/answers.ts'
import type { Validation } from '../../../functions/validation/validation.ts'

const ring = { changeId: 'c', ring: 'canary' }
const at = '2026-11-23T12:00:00.000Z'
const anyValidation = (more: Partial<Validation>): Validation => ({
  ...ring,
  state: 'soaking',
  isCanary: true,
  looks: [],
  probesAfter: [],
  rounds: 0,
  soakStartedAt: at,
  soakUntil: at,
  nextLookAt: '2026-11-23T12:00:05.200Z',
  agentsMissing: [],
  ...more,
})

describe('what the canary machine is told', () => {
  it('waits whole seconds until the next look while the ring soaks', () => {
    expect(startAnswer(ring, anyValidation({}), at)).toEqual({ ...ring, state: 'soaking', waitSeconds: 6 })
    expect(judgeAnswer(ring, anyValidation({}), at)).toEqual({ ...ring, verdict: 'continue', waitSeconds: 6 })
  })

  it.each([
    ['passed', 'pass'],
    ['failed', 'fail'],
    ['inconclusive', 'hold'],
  ] as const)('a validation that %s is answered %s, without a wait', (state, verdict) => {
    expect(judgeAnswer(ring, anyValidation({ state }), at)).toEqual({ ...ring, verdict, waitSeconds: 0 })
  })

  it('is elsewhere where nothing was started', () => {
    expect(startAnswer(ring, undefined, at)).toEqual({ ...ring, state: 'elsewhere', waitSeconds: 0 })
  })
})

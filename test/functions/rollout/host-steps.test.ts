import { describe, expect, it } from 'vitest'
import { lists } from '../../../functions/kit/keys.ts'
import { logged, withEnds } from '../../../functions/rollout/host-steps.ts'
import type { StepEnd } from '../../../functions/rollout/step-end.ts'
import { anyRing, changeId, one, two } from './any-pass.ts'

const at = '2026-01-01T00:00:00.000Z'
const end = (hostId: string, step: StepEnd['step']): StepEnd => ({
  hostId,
  step,
  attempt: 1,
  commandId: 'c',
  status: 'Success',
  exitCode: 0,
  outcome: 'passed',
})
const kept = (step: StepEnd['step']) => {
  const { hostId: _, ...rest } = end(one, step)
  return { ...rest, at }
}

describe('5.8 the steps of a host', () => {
  it('stand with it in order while it is in work', () => {
    const ring = anyRing()
    expect(withEnds(ring, [], at)).toBe(ring)
    const ended = withEnds(withEnds(ring, [end(one, 'precheck')], at), [end(one, 'install'), end(two, 'install')], at)
    expect(ended.endedSteps).toEqual({ [one]: [kept('precheck'), kept('install')], [two]: [kept('install')] })
    expect(logged(ring, ended)).toEqual({ ring: ended, moves: [] })
    expect(logged(ring, ring)).toEqual({ ring, moves: [] })
  })

  it('become one record of the log when its work is over, and leave the ring', () => {
    const before = withEnds(anyRing(), [end(one, 'precheck'), end(two, 'precheck')], at)
    const after = {
      ...before,
      hosts: { ...before.hosts, [one]: { step: 'verify', state: 'done', attempt: 1 } as const },
    }
    const { ring, moves } = logged(before, after)
    expect(ring.endedSteps).toEqual({ [two]: [kept('precheck')] })
    expect(moves).toMatchObject([
      {
        value: { hostId: one, changeId, ring: 'production', steps: [kept('precheck')] },
        list: { pk: lists.stepsOf(changeId), sk: `${at}#${one}#production` },
      },
    ])
    const last = logged(ring, {
      ...ring,
      hosts: { ...ring.hosts, [two]: { step: 'precheck', state: 'failed', attempt: 1 } as const },
    })
    expect(last.ring).not.toHaveProperty('endedSteps')
    expect(last.moves).toHaveLength(1)
  })
})

import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { taskTokens } from '../../simulator/machines/task-tokens.ts'
import { errorNamed, inTurn, machineOf, transitionsOf, walk, walkedTransitions } from './machines.ts'

const input = { changeId: '01J00000000000000000CHANGE', ring: 'canary', reason: 'ErrorRate is worse' }
const Opened = z.object({ taskToken: z.string() })

function restored(opening: () => unknown = () => ({}), finishing: () => unknown = () => ({ outcome: 'rolled-back' })) {
  const tokens = taskTokens()
  return walk('rollback', {
    input,
    tokens,
    functions: {
      OpenRollback: (payload) => {
        const answer = opening()
        void tokens.succeed(Opened.parse(payload).taskToken, { outcome: 'succeeded' })
        return answer
      },
      FinishRollback: finishing,
    },
  })
}

const abandoned = () =>
  walk('rollback', {
    input,
    tokens: taskTokens(),
    startTimer: (_, onElapsed) => {
      queueMicrotask(onElapsed)
      return () => undefined
    },
    functions: { OpenRollback: () => ({}), FinishRollback: () => ({ outcome: 'rolled-back' }) },
  })

describe('the rollback machine', () => {
  it('rolls the hosts back, then records it with the reason', async () => {
    const { calls, states } = await restored()
    expect(calls).toEqual([
      { name: 'OpenRollback', payload: { ...input, taskToken: 'task-token-1' } },
      { name: 'FinishRollback', payload: input },
    ])
    expect(states.at(-1)).toBe('Rolled back')
  })

  it('F36: records what became of the hosts when nobody answers in time', async () => {
    expect((await abandoned()).calls.at(-1)).toEqual({ name: 'FinishRollback', payload: input })
  })

  it('F36: records it also when the rollback cannot be opened', async () => {
    const { calls } = await restored(inTurn(errorNamed('DrydockError')))
    expect(calls.map((call) => call.name)).toEqual(['OpenRollback', 'FinishRollback'])
  })

  it('I11: fails when a service does not answer while it opens, so that the driver asks again: nothing is recorded', async () => {
    await expect(restored(inTurn(errorNamed('InternalServerError')))).rejects.toThrow('InternalServerError')
  })

  it('A2: finishes in as many calls as the outcomes of all hosts take', async () => {
    const { calls, states } = await restored(undefined, inTurn({ outcome: 'recording' }, { outcome: 'rolled-back' }))
    expect(calls.slice(1)).toEqual(Array.from({ length: 2 }, () => ({ name: 'FinishRollback', payload: input })))
    expect(states.at(-1)).toBe('Rolled back')
  })

  it('has no way that these walks leave out', async () => {
    const recording = restored(undefined, inTurn({ outcome: 'recording' }, { outcome: 'rolled-back' }))
    const walks = await Promise.all([restored(), recording, abandoned()])
    const walked = new Set(walks.flatMap(({ states }) => walkedTransitions(states)))
    expect([...walked].sort()).toEqual(transitionsOf(machineOf('rollback')))
  })
})

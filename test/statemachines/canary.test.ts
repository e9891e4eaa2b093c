import { describe, expect, it } from 'vitest'
import { errorNamed, inTurn, machineOf, transitionsOf, walk, walkedTransitions } from './machines.ts'

const input = { changeId: '01J00000000000000000CHANGE', ring: 'canary' }
const started = (state: string, waitSeconds = 0) => ({ ...input, state, waitSeconds })
const judged = (verdict: string, waitSeconds = 0) => ({ ...input, verdict, waitSeconds })

describe('the canary machine', () => {
  it.each([
    ['passed', 'pass'],
    ['failed', 'fail'],
    ['held', 'hold'],
  ])('lets the ring soak, looks until there is a verdict, and ends when it %s', async (_, verdict) => {
    const functions = {
      StartValidation: () => started('soaking', 20),
      JudgeCanary: inTurn(judged('continue', 30), judged('continue', 7), judged(verdict)),
    }
    const { waits, calls, states } = await walk('canary', { input, functions })
    expect(waits).toEqual([20, 30, 7])
    expect(calls.map((call) => call.name)).toEqual(['StartValidation', 'JudgeCanary', 'JudgeCanary', 'JudgeCanary'])
    expect(calls.every((call) => JSON.stringify(call.payload) === JSON.stringify(input))).toBe(true)
    expect(states.at(-1)).toBe('Decided')
  })

  it.each(['passed', 'failed', 'inconclusive', 'elsewhere'])(
    'does not judge what is %s from the start',
    async (state) => {
      const { states, waits } = await walk('canary', { input, functions: { StartValidation: () => started(state) } })
      expect(states).toEqual(['Start the validation', 'Is it decided?', 'Decided'])
      expect(waits).toEqual([])
    },
  )

  it('tries a throttled function again, and fails on a fault of ours', async () => {
    const functions = {
      StartValidation: inTurn(errorNamed('Lambda.TooManyRequestsException'), started('passed')),
    }
    expect((await walk('canary', { input, functions })).waits).toEqual([2])
    const broken = { StartValidation: inTurn(errorNamed('DrydockError')) }
    await expect(walk('canary', { input, functions: broken })).rejects.toMatchObject({ error: 'DrydockError' })
  })

  it('has no way that these walks leave out', async () => {
    const walks = await Promise.all([
      walk('canary', { input, functions: { StartValidation: () => started('passed') } }),
      walk('canary', {
        input,
        functions: {
          StartValidation: () => started('soaking', 1),
          JudgeCanary: inTurn(judged('continue', 1), judged('pass')),
        },
      }),
    ])
    const walked = new Set(walks.flatMap(({ states }) => walkedTransitions(states)))
    expect([...walked].sort()).toEqual(transitionsOf(machineOf('canary')))
  })
})

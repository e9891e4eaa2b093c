import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { taskTokens } from '../../local/task-tokens.ts'
import { errorNamed, inTurn, machineOf, transitionsOf, walk, walkedTransitions } from './machines.ts'

const changeId = '01J00000000000000000CHANGE'
const input = { changeId }
const ballot = (outcome: string) => ({ changeId, outcome })
const Asked = z.object({ taskToken: z.string() })

/** Approvers who answer as soon as they are asked. */
function answering(closed: readonly unknown[]) {
  const tokens = taskTokens()
  return walk('approval', {
    input,
    tokens,
    functions: {
      OpenBallot: () => ballot('open'),
      AskApprovers: (payload) => void tokens.succeed(Asked.parse(payload).taskToken, { outcome: 'answered' }),
      CloseBallot: inTurn(...closed),
    },
  })
}

/** Approvers who never answer: every wait times out at once. */
const silent = (closed: readonly unknown[]) =>
  walk('approval', {
    input,
    tokens: taskTokens(),
    startTimer: (_, onElapsed) => {
      queueMicrotask(onElapsed)
      return () => undefined
    },
    functions: { OpenBallot: () => ballot('open'), AskApprovers: () => ({}), CloseBallot: inTurn(...closed) },
  })

describe('the approval machine', () => {
  it.each(['approved', 'rejected'])('asks with a token of its own and ends when the ballot is %s', async (outcome) => {
    const { calls, states } = await answering([ballot(outcome)])
    expect(calls.map((call) => call.name)).toEqual(['OpenBallot', 'AskApprovers', 'CloseBallot'])
    expect(calls[1]?.payload).toEqual({ changeId, taskToken: 'task-token-1' })
    expect(states.at(-1)).toBe('Decided')
  })

  it('I14: gives the token to nobody but the function that asks', async () => {
    const { calls, output } = await answering([ballot('approved')])
    const others = calls.filter((call) => call.name !== 'AskApprovers')
    expect(JSON.stringify([others, output])).not.toContain('task-token')
  })

  it('asks nobody when the ballot is decided already', async () => {
    const { states } = await walk('approval', { input, functions: { OpenBallot: () => ballot('approved') } })
    expect(states).toEqual(['Open the ballot', 'Is the ballot open?', 'Decided'])
  })

  it('F43: asks again after a wait without an answer, until the ballot expires', async () => {
    const { calls } = await silent([ballot('open'), ballot('open'), ballot('expired')])
    expect(calls.filter((call) => call.name === 'AskApprovers')).toHaveLength(3)
  })

  it('looks at the ballot when asking fails, instead of failing', async () => {
    const { states } = await walk('approval', {
      input,
      tokens: taskTokens(),
      functions: {
        OpenBallot: () => ballot('open'),
        AskApprovers: inTurn(errorNamed('DrydockError')),
        CloseBallot: () => ballot('expired'),
      },
    })
    expect(states.slice(-3)).toEqual(['Look at the ballot', 'Is the ballot open?', 'Decided'])
  })

  it('has no way that these walks leave out', async () => {
    const walks = await Promise.all([answering([ballot('approved')]), silent([ballot('open'), ballot('expired')])])
    const walked = new Set(walks.flatMap(({ states }) => walkedTransitions(states)))
    expect([...walked].sort()).toEqual(transitionsOf(machineOf('approval')))
  })
})

import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { taskTokens } from '../../simulator/machines/task-tokens.ts'
import { errorNamed, inTurn, machineOf, transitionsOf, walk, walkedTransitions } from './machines.ts'

const changeId = '01J00000000000000000CHANGE'
const input = { changeId }
const open = (step: string, waitSeconds = 900) => ({ changeId, outcome: 'open', step, waitSeconds })
const ended = (outcome: string) => ({ changeId, outcome, step: 'none', waitSeconds: 1 })
const Asked = z.object({ taskToken: z.string() })

/** Approvers who answer as soon as they are asked. */
function answering(looks: readonly unknown[]) {
  const tokens = taskTokens()
  return walk('approval', {
    input,
    tokens,
    functions: {
      OpenBallot: () => open('ask'),
      AskApprovers: (payload) => void tokens.succeed(Asked.parse(payload).taskToken, { outcome: 'answered' }),
      CloseBallot: inTurn(...looks),
    },
  })
}

/** Approvers who never answer: every wait times out at once, and is told how long it was. */
function silent(looks: readonly unknown[], waited: number[] = []) {
  return walk('approval', {
    input,
    tokens: taskTokens(),
    startTimer: (seconds, onElapsed) => {
      waited.push(seconds)
      queueMicrotask(onElapsed)
      return () => undefined
    },
    functions: { OpenBallot: () => open('ask', 600), AskApprovers: () => ({}), CloseBallot: inTurn(...looks) },
  })
}

/** A function that fails when it asks. */
const failing = () =>
  walk('approval', {
    input,
    tokens: taskTokens(),
    functions: {
      OpenBallot: () => open('ask'),
      AskApprovers: inTurn(errorNamed('DrydockError'), errorNamed('DrydockError'), errorNamed('DrydockError')),
      CloseBallot: inTurn(open('remind'), open('escalate'), ended('expired')),
    },
  })

describe('the approval machine', () => {
  it.each(['approved', 'rejected'])('asks with a token of its own and ends when the ballot is %s', async (outcome) => {
    const { calls, states } = await answering([ended(outcome)])
    expect(calls.map((call) => call.name)).toEqual(['OpenBallot', 'AskApprovers', 'CloseBallot'])
    expect(calls[1]?.payload).toEqual({ changeId, step: 'ask', taskToken: 'task-token-1' })
    expect(states.at(-1)).toBe('Decided')
  })

  it('I14: gives the token to nobody but the function that asks', async () => {
    const { calls, output } = await answering([ended('approved')])
    const others = calls.filter((call) => call.name !== 'AskApprovers')
    expect(JSON.stringify([others, output])).not.toContain('task-token')
  })

  it('asks nobody when the ballot is decided already', async () => {
    const { states } = await walk('approval', { input, functions: { OpenBallot: () => ended('approved') } })
    expect(states).toEqual(['Open the ballot', 'Which step is due?', 'Decided'])
  })

  it('2.1 F43: reminds, escalates and gives up in steps of their own, each after the wait that the ledger names', async () => {
    const waited: number[] = []
    const { calls, states } = await silent([open('remind', 1_200), open('escalate', 7), ended('expired')], waited)
    expect(states.filter((state) => /^(Ask|Remind|Escalate)/.test(state))).toEqual([
      'Ask the approvers',
      'Remind the approvers',
      'Escalate to others',
    ])
    expect(calls.flatMap(({ payload }) => z.object({ step: z.string() }).safeParse(payload).data?.step ?? [])).toEqual([
      'ask',
      'remind',
      'escalate',
    ])
    expect(waited).toEqual([600, 1_200, 7])
    expect(states).not.toContain('Pause before looking')
  })

  it('F20: looks again after a wait without an answer, and finds a decision of which it never heard', async () => {
    const { states } = await silent([open('ask'), ended('approved')])
    expect(states.at(-1)).toBe('Decided')
  })

  it('pauses and looks at the ballot when asking fails, instead of failing', async () => {
    const { states } = await failing()
    expect(states.filter((state) => state === 'Pause before looking')).toHaveLength(3)
    expect(states.slice(-3)).toEqual(['Look at the ballot', 'Which step is due?', 'Decided'])
  })

  it('I20: asks nobody where the ledger names a step that the machine does not know', async () => {
    const { calls } = await answering([open('dance')])
    expect(calls.filter(({ name }) => name === 'AskApprovers')).toHaveLength(1)
  })

  it('has no way that these walks leave out', async () => {
    const walks = await Promise.all([
      answering([open('ask'), open('remind'), open('escalate'), ended('approved')]),
      silent([open('remind'), open('escalate'), ended('expired')]),
      failing(),
    ])
    const walked = new Set(walks.flatMap(({ states }) => walkedTransitions(states)))
    expect([...walked].sort()).toEqual(transitionsOf(machineOf('approval')))
  })
})

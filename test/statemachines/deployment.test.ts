import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { taskTokens } from '../../simulator/machines/task-tokens.ts'
import { errorNamed, inTurn, machineOf, transitionsOf, walk, walkedTransitions } from './machines.ts'

const input = { changeId: '01J00000000000000000CHANGE', ring: 'canary' }
const Opened = z.object({ taskToken: z.string() })
const elapseAtOnce = (_: number, onElapsed: () => void) => {
  queueMicrotask(onElapsed)
  return () => undefined
}

/** A dispatcher that ends the ring as soon as it is opened. */
function dispatched(verdict = 'go', opening: () => unknown = () => ({})) {
  const tokens = taskTokens()
  return walk('deployment', {
    input,
    tokens,
    functions: {
      CheckGates: () => ({ ...input, verdict }),
      OpenRing: (payload) => {
        const answer = opening()
        void tokens.succeed(Opened.parse(payload).taskToken, { outcome: 'succeeded' })
        return answer
      },
      HoldRing: () => ({ outcome: 'held' }),
    },
  })
}

/** A dispatcher that never answers. */
const abandoned = () =>
  walk('deployment', {
    input,
    tokens: taskTokens(),
    startTimer: elapseAtOnce,
    functions: { CheckGates: () => ({ ...input, verdict: 'go' }), OpenRing: () => ({}), HoldRing: () => ({}) },
  })

describe('the deployment machine', () => {
  it('opens the ring with a token of its own and ends with it', async () => {
    const { calls, states } = await dispatched()
    expect(calls.map((call) => call.name)).toEqual(['CheckGates', 'OpenRing'])
    expect(calls[1]?.payload).toEqual({ ...input, taskToken: 'task-token-1' })
    expect(states.at(-1)).toBe('Ring ended')
  })

  it.each(['hold', 'something new'])('I20: opens nothing when the gates say "%s"', async (verdict) => {
    const { calls, states } = await dispatched(verdict)
    expect(calls.map((call) => call.name)).toEqual(['CheckGates'])
    expect(states.at(-1)).toBe('Held at the gates')
  })

  it('I20: holds the ring when nobody answers in time', async () => {
    const { calls, states } = await abandoned()
    expect(calls.at(-1)).toEqual({ name: 'HoldRing', payload: input })
    expect(states.at(-1)).toBe('Ring ended')
  })

  it('I20: holds the ring when it cannot be opened', async () => {
    const { calls } = await dispatched('go', inTurn(errorNamed('DrydockError')))
    expect(calls.map((call) => call.name)).toEqual(['CheckGates', 'OpenRing', 'HoldRing'])
  })

  it('I11: fails when a service does not answer while the ring opens, so that the driver asks again: nothing is held', async () => {
    await expect(dispatched('go', inTurn(errorNamed('InternalServerError')))).rejects.toThrow('InternalServerError')
  })

  it('F12: opens the ring again after a fault of the service, with a token for each attempt', async () => {
    const { calls, waits } = await dispatched('go', inTurn(errorNamed('Lambda.ServiceException'), {}))
    const opened = calls.filter((call) => call.name === 'OpenRing').map((call) => Opened.parse(call.payload).taskToken)
    expect(opened).toEqual(['task-token-1', 'task-token-2'])
    expect(waits).toEqual([2])
  })

  it('has no way that these walks leave out', async () => {
    const walks = await Promise.all([dispatched(), dispatched('hold'), abandoned()])
    const walked = new Set(walks.flatMap(({ states }) => walkedTransitions(states)))
    expect([...walked].sort()).toEqual(transitionsOf(machineOf('deployment')))
  })
})

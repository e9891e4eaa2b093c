import { describe, expect, it } from 'vitest'
import { AslFailure } from '../../../simulator/machines/asl-errors.ts'
import { type MachineRun, runMachine } from '../../../simulator/machines/asl-runner.ts'
import { taskTokens } from '../../../simulator/machines/task-tokens.ts'
import { Scheduler } from '../../../simulator/scheduler.ts'

const invoke = (name: string, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: `\${${name}}`, Payload: { id: '{% $states.input.id %}' } },
  Output: '{% $states.result.Payload %}',
  ...more,
})

const machineOf = (states: object, startAt = 'First') => ({
  QueryLanguage: 'JSONata',
  StartAt: startAt,
  States: states,
})

function runOf(definition: object, more: Partial<MachineRun> = {}) {
  const waits: number[] = []
  const entered: string[] = []
  const run: MachineRun = {
    definition,
    input: { id: 'x' },
    functions: {},
    wait: async (seconds) => void waits.push(seconds),
    onState: (name) => void entered.push(name),
    ...more,
  }
  return { waits, entered, output: runMachine(run) }
}

const named = (name: string) => Object.assign(new Error(`a ${name}`), { name })
const callback = (more: object) =>
  invoke('Ask', {
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: `\${Ask}`, Payload: { taskToken: '{% $states.context.Task.Token %}' } },
    Output: '{% $states.result %}',
    TimeoutSeconds: 60,
    ...more,
  })

describe('runMachine routes', () => {
  it('passes the payload to the function and its answer to the next state', async () => {
    const { output, entered } = runOf(
      machineOf({ First: invoke('Look', { Next: 'Done' }), Done: { Type: 'Succeed' } }),
      {
        functions: { Look: async (payload) => ({ seen: payload }) },
      },
    )
    expect(await output).toEqual({ seen: { id: 'x' } })
    expect(entered).toEqual(['First', 'Done'])
  })

  it.each([
    ['x', 'first'],
    ['y', 'second'],
    ['z', 'other'],
  ])('takes the first choice that holds for %s', async (id, went) => {
    const definition = machineOf({
      First: {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $states.input.id = 'x' %}", Next: 'A', Output: { went: 'first' } },
          {
            Condition: "{% $states.input.id = 'x' or $states.input.id = 'y' %}",
            Next: 'A',
            Output: { went: 'second' },
          },
        ],
        Default: 'B',
      },
      A: { Type: 'Succeed' },
      B: { Type: 'Pass', Output: { went: 'other' }, End: true },
    })
    expect(await runOf(definition, { input: { id } }).output).toEqual({ went })
  })

  it('keeps what is assigned and shows Output the variables as they were before', async () => {
    const definition = machineOf({
      First: { Type: 'Pass', Assign: { kept: '{% $states.input.id %}' }, Next: 'Second' },
      Second: { Type: 'Pass', Assign: { kept: 'new' }, Output: { was: '{% $kept %}' }, Next: 'Third' },
      Third: { Type: 'Pass', Output: { was: '{% $states.input.was %}', is: '{% $kept %}' }, End: true },
    })
    expect(await runOf(definition).output).toEqual({ was: 'x', is: 'new' })
  })

  it.each([
    ['a literal', { Seconds: 7 }],
    ['an expression', { Seconds: '{% $states.input.seconds %}' }],
    ['a path', { SecondsPath: '$.seconds', QueryLanguage: 'JSONPath' }],
  ])('waits by %s, on the time it is given', async (_, how) => {
    const { output, waits } = runOf(
      machineOf({ First: { Type: 'Wait', ...how, Next: 'Done' }, Done: { Type: 'Succeed' } }),
      {
        input: { seconds: 7 },
      },
    )
    expect(await output).toEqual({ seconds: 7 })
    expect(waits).toEqual([7])
  })
})

describe('runMachine fails closed', () => {
  it.each([
    [
      'an expression that yields nothing',
      { First: { Type: 'Pass', Output: '{% $states.input.none %}', End: true } },
      'States.QueryEvaluationError',
    ],
    [
      'an expression that does not parse',
      { First: { Type: 'Pass', Output: '{% ( %}', End: true } },
      'States.QueryEvaluationError',
    ],
    [
      'a condition that is no boolean',
      { First: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.id %}', Next: 'First' }] } },
      'States.QueryEvaluationError',
    ],
    [
      'a choice without a way',
      { First: { Type: 'Choice', Choices: [{ Condition: "{% $states.input.id = 'no' %}", Next: 'First' }] } },
      'States.NoChoiceMatched',
    ],
    ['a function nobody gave', { First: invoke('Missing', { End: true }) }, 'States.Runtime'],
    ['a state nobody wrote', { First: { Type: 'Pass', Next: 'Nowhere' } }, 'States.Runtime'],
    ['a circle without a wait', { First: { Type: 'Pass', Next: 'First' } }, 'States.Runtime'],
    [
      'a wait for no number',
      { First: { Type: 'Wait', Seconds: '{% $states.input.id %}', Next: 'First' } },
      'States.Runtime',
    ],
    ['a Fail state', { First: { Type: 'Fail', Error: 'NotApproved', Cause: 'said no' } }, 'NotApproved'],
  ])('refuses %s', async (_, states, error) => {
    await expect(runOf(machineOf(states), { statesMax: 50 }).output).rejects.toMatchObject({ error })
  })
})

describe('runMachine retries and catches', () => {
  const retry = [
    { ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 },
  ]

  it('tries again after growing pauses without sleeping itself', async () => {
    let calls = 0
    const { output, waits } = runOf(machineOf({ First: invoke('Busy', { Retry: retry, End: true }) }), {
      functions: {
        Busy: async () => {
          if (++calls < 4) throw named('Lambda.TooManyRequestsException')
          return { calls }
        },
      },
    })
    expect(await output).toEqual({ calls: 4 })
    expect(waits).toEqual([2, 4, 8])
  })

  it('gives up after the attempts allowed, and does not retry another error', async () => {
    const definition = machineOf({ First: invoke('Broken', { Retry: retry, End: true }) })
    const throwing = (name: string) => ({ functions: { Broken: async () => Promise.reject(named(name)) } })
    const busy = runOf(definition, throwing('Lambda.TooManyRequestsException'))
    await expect(busy.output).rejects.toMatchObject({ error: 'Lambda.TooManyRequestsException' })
    expect(busy.waits).toHaveLength(3)
    const broken = runOf(definition, throwing('DrydockError'))
    await expect(broken.output).rejects.toMatchObject({ error: 'DrydockError' })
    expect(broken.waits).toEqual([])
  })

  it('goes where the catcher says, with the error it caught', async () => {
    const definition = machineOf({
      First: invoke('Broken', {
        Catch: [{ ErrorEquals: ['States.ALL'], Output: { error: '{% $states.errorOutput.Error %}' }, Next: 'Done' }],
        End: true,
      }),
      Done: { Type: 'Succeed' },
    })
    const { output } = runOf(definition, { functions: { Broken: async () => Promise.reject(named('DrydockError')) } })
    expect(await output).toEqual({ error: 'DrydockError' })
  })
})

describe('runMachine waits for tokens', () => {
  it('goes on with the answer, once; a second answer finds the token gone', async () => {
    const tokens = taskTokens()
    const asked: unknown[] = []
    const { output } = runOf(machineOf({ First: callback({ End: true }) }), {
      tokens,
      functions: { Ask: async (payload) => void asked.push(payload) },
    })
    await expect.poll(() => asked).toEqual([{ taskToken: 'task-token-1' }])
    expect(tokens.waiting()).toEqual(['task-token-1'])
    expect(await tokens.succeed('task-token-1', { decision: 'approved' })).toBe('answered')
    expect(await output).toEqual({ decision: 'approved' })
    expect(await tokens.succeed('task-token-1', { decision: 'rejected' })).toBe('gone')
  })

  it('times out by the timer it is given, and F19: a late answer finds the token gone', async () => {
    const tokens = taskTokens()
    const timers: { seconds: number; elapse: () => void }[] = []
    const definition = machineOf({
      First: callback({ Catch: [{ ErrorEquals: ['States.Timeout'], Output: 'late', Next: 'Done' }], End: true }),
      Done: { Type: 'Succeed' },
    })
    const { output } = runOf(definition, {
      tokens,
      functions: { Ask: async () => ({}) },
      startTimer: (seconds, elapse) => {
        timers.push({ seconds, elapse })
        return () => undefined
      },
    })
    await expect.poll(() => timers.length).toBe(1)
    expect(timers[0]?.seconds).toBe(60)
    timers[0]?.elapse()
    expect(await output).toBe('late')
    expect(await tokens.succeed('task-token-1', {})).toBe('gone')
  })

  it('fails with the error that the holder sends', async () => {
    const tokens = taskTokens()
    const { output } = runOf(machineOf({ First: callback({ End: true }) }), {
      tokens,
      functions: { Ask: async () => ({}) },
    })
    const failed = expect(output).rejects.toMatchObject({ error: 'RingFailed' })
    await expect.poll(() => tokens.waiting().length).toBe(1)
    await tokens.fail('task-token-1', 'RingFailed', 'budget used up')
    await failed
  })
})

describe('runMachine on virtual time', () => {
  const withHeart = machineOf({
    First: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: `\${Ask}`, Payload: {} },
      HeartbeatSeconds: 60,
      TimeoutSeconds: 600,
      End: true,
    },
  })
  const runWithHeart = (beats: number) => {
    const scheduler = new Scheduler({ startMs: 0 })
    const tokens = taskTokens()
    for (let beat = 1; beat <= beats; beat++)
      scheduler.after(beat * 50_000, 'beat', () => tokens.heartbeat('task-token-1'))
    const { output } = runOf(withHeart, {
      tokens,
      functions: { Ask: async () => ({}) },
      startTimer: (seconds, onElapsed) => scheduler.after(seconds * 1000, 'timer', onElapsed),
    })
    return { scheduler, output: scheduler.during(() => output) }
  }

  it.each([
    [0, 'States.HeartbeatTimeout', 60],
    [3, 'States.HeartbeatTimeout', 210],
    [20, 'States.Timeout', 600],
  ])('after %d heartbeats 50 s apart a wait ends with %s at %d s', async (beats, error, seconds) => {
    const { scheduler, output } = runWithHeart(beats)
    await expect(output).rejects.toMatchObject({ error })
    expect(scheduler.clock.nowMs()).toBe(seconds * 1000)
  })

  it('takes no heartbeat for a token that nobody waits for', async () => {
    expect(await taskTokens().heartbeat('task-token-9')).toBe('gone')
  })
})

describe('runMachine nests executions', () => {
  const parent = machineOf({
    First: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: `\${ChildMachine}`, Input: { id: '{% $states.input.id %}' } },
      Output: '{% $states.result.Output %}',
      Catch: [{ ErrorEquals: ['States.TaskFailed'], Output: 'child failed', Next: 'Done' }],
      End: true,
    },
    Done: { Type: 'Succeed' },
  })

  it('hands the input to the child and takes its output', async () => {
    const { output } = runOf(parent, { machines: { ChildMachine: async (input) => ({ child: input }) } })
    expect(await output).toEqual({ child: { id: 'x' } })
  })

  it('sees any failure of the child as a failed task', async () => {
    const { output } = runOf(parent, {
      machines: { ChildMachine: async () => Promise.reject(new AslFailure('Whatever', 'it broke')) },
    })
    expect(await output).toBe('child failed')
  })
})

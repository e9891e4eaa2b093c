import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { houseFaults } from './house-rules.ts'
import { definitionOf, Machine, machineNames, machineOf } from './machines.ts'

const require = createRequire(import.meta.url)
// The validator is CommonJS and comes without types.
const validate = z
  .custom<(definition: unknown) => unknown>((value) => typeof value === 'function')
  .parse(require('asl-validator'))
const Verdict = z.looseObject({ isValid: z.boolean(), errorsText: z.function().optional() })

describe.each(machineNames)('machine %s', (name) => {
  it('is valid Amazon States Language', () => {
    const verdict = Verdict.parse(validate(definitionOf(name)))
    expect(verdict, verdict.isValid ? '' : JSON.stringify(verdict)).toMatchObject({ isValid: true })
  })

  it('keeps the house rules', () => {
    expect(houseFaults(machineOf(name))).toEqual([])
  })
})

describe('the house rules catch', () => {
  const retry = [{ ErrorEquals: ['Lambda.ServiceException'], JitterStrategy: 'FULL' }]
  const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Retry: retry, Next: 'Done' }
  const faultsOf = (states: object, more: object = {}) =>
    houseFaults(
      Machine.parse({
        Comment: 'Does it. Input: {}.',
        QueryLanguage: 'JSONata',
        StartAt: Object.keys(states)[0],
        States: { ...states, Done: { Type: 'Succeed' } },
        ...more,
      }),
    ).join('\n')
  const saying = (expression: string) => ({ First: { Type: 'Pass', Output: `{% ${expression} %}`, Next: 'Done' } })

  it('nothing in a machine that keeps them', () => {
    expect(faultsOf({ First: task })).toBe('')
    expect(faultsOf(saying("$states.input.x = 'a' ? $states.input.y : null"))).toBe('')
  })

  it.each<[string, object, string]>([
    [
      'a wait for a token without a timeout',
      { First: { ...task, Resource: `${task.Resource}.waitForTaskToken` } },
      'may wait for ever',
    ],
    [
      'a timeout that is computed',
      { First: { ...task, Resource: `${task.Resource}.waitForTaskToken`, TimeoutSeconds: '{% $states.result.x %}' } },
      'may wait for ever',
    ],
    [
      'a nested execution that catches nothing',
      { First: { ...task, Resource: 'arn:aws:states:::states:startExecution.sync:2', TimeoutSeconds: 5 } },
      'catches no timeout',
    ],
    ['a task without Retry', { First: { ...task, Retry: [] } }, 'no Retry'],
    [
      'a retry without jitter',
      { First: { ...task, Retry: [{ ErrorEquals: ['Lambda.ServiceException'] }] } },
      'without full jitter',
    ],
    [
      'a retry of our own faults',
      { First: { ...task, Retry: [{ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' }] } },
      'no service fault',
    ],
    ['a name that is no sentence', { first: task }, 'is no sentence'],
    [
      'a choice that does not ask',
      { First: { Type: 'Choice', Choices: [], Default: 'Done' } },
      'asks and is no choice',
    ],
    [
      'a choice without a default',
      { 'First?': { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Done' }] } },
      'no Default',
    ],
    ['a state that nobody reaches', { First: task, Lost: { Type: 'Pass', Next: 'Done' } }, '"Lost" is never reached'],
    ['a way to nowhere', { First: { ...task, Next: 'Nowhere' } }, '"Nowhere" does not exist'],
    ['a misspelt variable', saying('$decison'), 'unknown $decison'],
    ['arithmetic', saying('$states.input.x + 1'), 'a machine only compares'],
    ['a threshold', saying('$states.input.x > 5'), 'a machine only compares'],
    ['a function', saying('$sum($states.input.x)'), '$sum() is not on the list'],
    ['a lambda', saying('function($x) { $x }'), 'outside the part'],
    ['a filter', saying('$states.input.x[0]'), 'outside the part'],
    ['an expression that does not parse', saying('('), 'says {% ( %}'],
    [
      'a wait that the emulator cannot run',
      { First: { Type: 'Wait', Seconds: '{% $states.input.x %}', Next: 'Done' } },
      'emulator cannot run',
    ],
    [
      'JSONPath in a JSONata machine',
      { First: { Type: 'Wait', QueryLanguage: 'JSONPath', Seconds: 1, Next: 'Done' } },
      'Step Functions refuses',
    ],
  ])('%s', (_, states, fault) => {
    expect(faultsOf(states)).toContain(fault)
  })

  it('a machine that does not say its input, and one that is too large', () => {
    expect(faultsOf({ First: task }, { Comment: 'Does it.' })).toContain('says no "Input: ..."')
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [
        `Step ${index}`,
        { Type: 'Pass', Next: index === 11 ? 'Done' : `Step ${index + 1}` },
      ]),
    )
    expect(faultsOf(many)).toContain('13 states')
  })
})

describe('every machine is walked', () => {
  it.each(machineNames)('%s has a test of its paths', (name) => {
    expect(existsSync(new URL(`${name}.test.ts`, import.meta.url))).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { JudgeProblem } from '../../../functions/validation/samples.ts'

const anyProblem = (more: object = {}) => ({
  alpha: 0.02,
  looks: 12,
  metrics: [{ name: 'ErrorRate', higherIsWorse: true, baseline: [1, 2], canary: [1, null] }],
  ...more,
})
const withMetric = (more: object) => anyProblem({ metrics: [{ ...anyProblem().metrics[0], ...more }] })
const mistakesOf = (problem: unknown) =>
  JudgeProblem.safeParse(problem).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

describe('6.3 JudgeProblem', () => {
  it.each([
    ['the least it can be', anyProblem()],
    ['a look and limits', anyProblem({ look: 3, samplesMin: 4, effectMin: 0 })],
    ['a list for each host', withMetric({ canary: [[1, 2], [3, null], []] })],
    ['a look after the last planned one', anyProblem({ looksExtra: 2, look: 14 })],
    ['what silence and absence mean', withMetric({ missing: 'zero', hostIds: ['i-1'], baselineHistory: [1] })],
    ['no peers', { ...anyProblem(), metrics: [{ name: 'a', higherIsWorse: false, canary: [], history: [1] }] }],
  ])('takes %s', (_, problem) => {
    expect(mistakesOf(problem)).toBeUndefined()
  })

  it.each([
    ['an alpha of 0', anyProblem({ alpha: 0 }), /^alpha: /],
    ['no looks', anyProblem({ looks: 0 }), /^looks: /],
    ['a look after the last', anyProblem({ look: 13 }), /^look: expected at most looks, which is 12$/],
    ['an unknown field', anyProblem({ look_: 1 }), /look_/],
    ['no canary', withMetric({ canary: undefined }), /^metrics\.0\.canary: /],
    ['no direction', withMetric({ higherIsWorse: 'yes' }), /^metrics\.0\.higherIsWorse: /],
    ['a text for a number', withMetric({ baseline: [1, '2'] }), /^metrics\.0\.baseline\.1: expected a number or null/],
    ['numbers and hosts mixed', withMetric({ history: [1, [2]] }), /^metrics\.0\.history: expected either/],
    [
      'two metrics of one name',
      anyProblem({ metrics: [...anyProblem().metrics, ...anyProblem().metrics] }),
      /^metrics\.1\.name: another metric is named ErrorRate$/,
    ],
  ])('refuses %s and says where', (_, problem, said) => {
    const mistakes = mistakesOf(problem)
    expect(mistakes).toHaveLength(1)
    expect(mistakes?.[0]).toMatch(said)
  })
})

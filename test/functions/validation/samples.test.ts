import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JudgeProblem, readSide } from '../../../functions/validation/samples.ts'

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

describe('6.3 readSide', () => {
  it('leaves out what is missing, and hosts without samples', () => {
    const { series, sorted } = readSide([[3, null, 1], [Number.NaN], [], [2, Number.POSITIVE_INFINITY]])
    expect(series.map(({ values }) => [...values])).toEqual([[3, 1], [2]])
    expect([...sorted]).toEqual([1, 2, 3])
  })

  it.each([[undefined], [[]], [[null]]])('has no samples of %j', (samples) => {
    expect(readSide(samples).sorted).toHaveLength(0)
  })

  it('does not mind how samples are spread over hosts, but for their order (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer(), { minLength: 1 }), { minLength: 1, maxLength: 5 }), (hosts) => {
        expect(readSide(hosts).sorted).toEqual(readSide(hosts.flat()).sorted)
      }),
    )
  })
})

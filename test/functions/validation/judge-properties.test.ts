import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalNumbers } from '../../../bench/canary-runs.ts'
import { judgeCanary } from '../../../functions/validation/judge.ts'
import type { JudgeInput, MetricSamples } from '../../../functions/validation/judge-input.ts'

const runs = { seed: 63, numRuns: 60 }
const values = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 0, maxLength: 40 })
const anyMetric = fc.record({
  name: fc.constant('Latency'),
  higherIsWorse: fc.boolean(),
  baseline: values,
  canary: values,
})
const judge = (metrics: readonly MetricSamples[], more: Partial<JudgeInput> = {}) =>
  judgeCanary({ alpha: 0.02, looksMax: 3, look: 3, samplesMin: 5, effectMin: 0.33, ...more, metrics })
const only = (metric: MetricSamples, more: Partial<JudgeInput> = {}) => {
  const [verdict] = judge([metric], more).metrics
  if (!verdict) throw new Error('one metric has one verdict')
  return verdict
}

describe('6.3 judgeCanary, whatever the samples (properties)', () => {
  it('gives p and effects within their bounds, the interval around the effect, and p no smaller than the plain one', () => {
    fc.assert(
      fc.property(anyMetric, (metric) => {
        const { p, pAdjusted, effect, autocorrelation, comparisons } = only(metric)
        for (const one of [p, pAdjusted]) {
          expect(one).toBeGreaterThanOrEqual(0)
          expect(one).toBeLessThanOrEqual(1)
        }
        expect(Math.abs(effect)).toBeLessThanOrEqual(1)
        expect(autocorrelation).toBeGreaterThanOrEqual(0)
        if (p < 0.5) expect(pAdjusted).toBeGreaterThanOrEqual(p * (1 - 1e-9))
        for (const { interval, effective, effect: seen } of comparisons) {
          expect(interval[0]).toBeLessThanOrEqual(seen + 1e-9)
          expect(interval[1]).toBeGreaterThanOrEqual(seen - 1e-9)
          expect(effective.canary).toBeLessThanOrEqual(metric.canary.length)
        }
      }),
      runs,
    )
  })

  it('turns round when the sides are swapped: what is worse there is better here', () => {
    fc.assert(
      fc.property(anyMetric, (metric) => {
        const there = only(metric)
        const back = only({
          ...metric,
          higherIsWorse: !metric.higherIsWorse,
          baseline: metric.canary,
          canary: metric.baseline,
        })
        expect(back.autocorrelation).toBeCloseTo(there.autocorrelation, 12)
        const [here] = there.comparisons
        const [other] = back.comparisons
        if (!here || !other) return
        expect(other.effect).toBeCloseTo(here.effect, 12)
        expect(other.pAdjusted).toBeCloseTo(here.pAdjusted, 9)
      }),
      runs,
    )
  })

  it('says the same of any rising transformation, and of a falling one in the other direction', () => {
    const raise = (one: readonly number[]) => one.map((value) => Math.exp(value / 8))
    const lower = (one: readonly number[]) => one.map((value) => 3 - 2 * value)
    fc.assert(
      fc.property(anyMetric, ({ baseline, canary, ...metric }) => {
        const seen = only({ ...metric, baseline, canary })
        const raised = only({ ...metric, baseline: raise(baseline), canary: raise(canary) })
        const lowered = only({
          ...metric,
          higherIsWorse: !metric.higherIsWorse,
          baseline: lower(baseline),
          canary: lower(canary),
        })
        for (const other of [raised, lowered]) {
          expect(other.verdict).toBe(seen.verdict)
          expect(other.pAdjusted).toBeCloseTo(seen.pAdjusted, 9)
          expect(other.effect).toBeCloseTo(seen.effect, 12)
        }
      }),
      runs,
    )
  })

  it('takes whatever stands for a missing value for the same, and passes no silence', () => {
    const gap = fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY)
    const gaps = fc.array(fc.tuple(fc.nat(40), gap), { maxLength: 12 })
    const holed = (one: readonly number[], holes: readonly (readonly [number, number | null])[], as?: null) =>
      holes.reduce<(number | null)[]>(
        (all, [place, hole]) => all.toSpliced(place, 0, as === undefined ? hole : as),
        [...one],
      )
    fc.assert(
      fc.property(anyMetric, gaps, gaps, (metric, left, right) => {
        const withGaps = (as?: null) => ({
          ...metric,
          baseline: holed(metric.baseline, left, as),
          canary: holed(metric.canary, right, as),
        })
        expect(judge([withGaps()])).toEqual(judge([withGaps(null)]))
        if (right.length * 4 > metric.canary.length) expect(judge([withGaps()]).verdict).not.toBe('pass')
      }),
      runs,
    )
  })

  it('does not change a verdict for another order of the metrics', () => {
    fc.assert(
      fc.property(fc.array(anyMetric, { maxLength: 6 }), (metrics) => {
        const named = metrics.map((metric, index) => ({ ...metric, name: `metric ${index}` }))
        const [there, back] = [judge(named), judge(named.toReversed())]
        expect(back.verdict).toBe(there.verdict)
        expect(back.metrics.map(({ name, verdict }) => `${name} ${verdict}`).sort()).toEqual(
          there.metrics.map(({ name, verdict }) => `${name} ${verdict}`).sort(),
        )
      }),
      runs,
    )
  })

  it('does not find worse among more metrics what is not worse by itself', () => {
    fc.assert(
      fc.property(fc.array(anyMetric, { minLength: 1, maxLength: 6 }), (metrics) => {
        const among = judge(metrics.map((metric, index) => ({ ...metric, name: `metric ${index}` }))).metrics
        for (const [index, metric] of metrics.entries())
          if (among[index]?.verdict === 'fail') expect(only(metric).verdict).toBe('fail')
      }),
      runs,
    )
  })

  it('asks for a worse past as well where there is one', () => {
    fc.assert(
      fc.property(anyMetric, values, (metric, history) => {
        const both = only({ ...metric, history })
        if (both.comparisons.length < 2 || both.verdict === 'inconclusive') return
        expect(both.pAdjusted).toBe(Math.max(...both.comparisons.map(({ pAdjusted }) => pAdjusted)))
        if (both.verdict === 'fail') for (const one of both.comparisons) expect(one.pAdjusted).toBeLessThanOrEqual(0.02)
      }),
      runs,
    )
  })
})

describe('6.3 judgeCanary and series that resemble themselves', () => {
  const next = normalNumbers(21)
  const drawn = (count: number, shift: number) => Array.from({ length: count }, () => next() + shift)
  const apart = { name: 'Latency', higherIsWorse: true, baseline: drawn(30, 0), canary: drawn(30, 1.2) }

  it('finds less in sorted samples than in the same samples shuffled', () => {
    const ascending = (one: readonly number[]) => one.toSorted((left, right) => left - right)
    const trend = { ...apart, baseline: ascending(apart.baseline), canary: ascending(apart.canary) }
    expect(only(apart).verdict).toBe('fail')
    expect(only(trend)).toMatchObject({ verdict: 'inconclusive', autocorrelation: 0.99 })
    expect(only(trend).because).toContain('autocorrelation of 0.99')
  })

  it('does not take the difference between hosts for autocorrelation', () => {
    const levels = [0, 10, 20]
    const hosts = (shift: number) => levels.map((level) => drawn(20, level + shift))
    const byHost = only({ ...apart, baseline: hosts(0), canary: hosts(0) })
    const inOneRow = only({ ...apart, baseline: hosts(0).flat(), canary: hosts(0).flat() })
    expect(byHost.autocorrelation).toBeLessThan(0.4)
    expect(inOneRow.autocorrelation).toBeGreaterThan(0.8)
  })

  it('fails a constant that is worse than another constant, and passes two that are equal', () => {
    const constant = (value: number) => Array.from({ length: 30 }, () => value)
    expect(only({ ...apart, baseline: constant(0), canary: constant(1) }).verdict).toBe('fail')
    expect(only({ ...apart, baseline: constant(1), canary: constant(1) })).toMatchObject({
      verdict: 'pass',
      p: 1,
      effect: 0,
    })
    expect(only({ ...apart, baseline: constant(1), canary: constant(0) }).verdict).toBe('pass')
  })

  it('is inconclusive, not a pass, where every sample resembles the one before', () => {
    const ramp = Array.from({ length: 60 }, (_, index) => index)
    const judgement = judge([{ ...apart, baseline: ramp, canary: ramp }])
    expect(judgement.verdict).toBe('inconclusive')
    expect(judgement.reasons[0]).toMatch(/cannot show any difference at an autocorrelation of 0\.99/)
  })
})

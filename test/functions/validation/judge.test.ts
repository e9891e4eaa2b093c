import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rememberedBoundaryP } from '../../../bench/canary-runs.ts'
import { judgeCanary } from '../../../functions/validation/judge.ts'
import type { JudgeInput, MetricSamples } from '../../../functions/validation/judge-input.ts'
import { holmThresholds } from '../../../functions/validation/multiplicity.ts'

/** A small generator with a seed (mulberry32), so that the simulation below is the same every time. */
function generator(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const draw = (next: () => number, count: number, shift = 0) => Array.from({ length: count }, () => next() + shift)
const next = generator(7)
const calm = draw(next, 30)
const calmToo = draw(next, 30)
const bad = draw(next, 30, 0.9)

const anyMetric = (more: Partial<MetricSamples> = {}): MetricSamples => ({
  name: 'ErrorRate',
  higherIsWorse: true,
  canary: calm,
  baseline: calmToo,
  ...more,
})
const anyInput = (more: Partial<JudgeInput> = {}): JudgeInput => ({
  alpha: 0.05,
  looksMax: 4,
  look: 4,
  samplesMin: 5,
  effectMin: 0.33,
  metrics: [anyMetric()],
  ...more,
})
const verdictOf = (more: Partial<MetricSamples>, input: Partial<JudgeInput> = {}) =>
  judgeCanary(anyInput({ ...input, metrics: [anyMetric(more)] })).verdict

describe('6.3 judgeCanary', () => {
  it('passes at the last look when no metric is worse', () => {
    expect(verdictOf({})).toBe('pass')
  })

  it('passes no look before the last, though nothing is worse', () => {
    const { verdict, reasons } = judgeCanary(anyInput({ look: 3 }))
    expect(verdict).toBe('inconclusive')
    expect(reasons[0]).toBe('look 3 of 4: no metric is worse so far')
  })

  it.each([1, 2, 3, 4])('fails at look %d when a metric is worse', (look) => {
    expect(verdictOf({ canary: bad }, { look })).toBe('fail')
  })

  it('looks the other way for a metric where lower is worse', () => {
    expect(verdictOf({ canary: bad, higherIsWorse: false })).toBe('pass')
    expect(verdictOf({ canary: calm, baseline: bad, higherIsWorse: false })).toBe('fail')
  })

  it('does not fail what is better', () => {
    expect(verdictOf({ baseline: bad })).toBe('pass')
  })

  it('does not fail a difference that is significant but small', () => {
    const many = generator(3)
    const small = { baseline: draw(many, 4000), canary: draw(many, 4000, 0.08) }
    const [metric] = judgeCanary(anyInput({ metrics: [anyMetric(small)] })).metrics
    expect(metric?.p).toBeLessThan(1e-10)
    expect(metric?.verdict).toBe('pass')
  })

  it('does not blame the patch for hosts that were always worse', () => {
    expect(verdictOf({ canary: bad, history: draw(generator(6), 30, 0.9) })).toBe('pass')
  })

  it('holds where hosts that were always worse rose by a medium effect as well, short of significance', () => {
    const [metric] = judgeCanary(
      anyInput({ metrics: [anyMetric({ canary: bad, history: draw(generator(5), 30, 0.9) })] }),
    ).metrics
    expect(metric).toMatchObject({ verdict: 'inconclusive', isTooEarly: true })
    expect(metric?.because).toMatch(/^ErrorRate on the canary rose from 1\.37 to 1\.57, which may be chance/)
  })

  it('fails what is worse than peers and than its own past', () => {
    expect(verdictOf({ canary: bad, history: calm })).toBe('fail')
  })

  it('does not blame the patch when peers got worse as well', () => {
    expect(verdictOf({ canary: bad, baseline: draw(generator(9), 30, 0.9), history: calm })).toBe('pass')
  })

  const { baseline: _, ...alone } = anyMetric()

  it('compares with the past alone where no unpatched peer is left', () => {
    const judged = (canary: readonly number[]) =>
      judgeCanary(anyInput({ metrics: [{ ...alone, canary, history: calmToo }] })).verdict
    expect(judged(calm)).toBe('pass')
    expect(judged(bad)).toBe('fail')
  })

  it('shows the arithmetic in the reason', () => {
    const { reasons } = judgeCanary(
      anyInput({ metrics: [anyMetric({ canary: [7, 9, 6, 10, 8], baseline: [2, 5, 1, 4, 3] })] }),
    )
    expect(reasons).toHaveLength(1)
    expect(reasons[0]).toMatch(
      /^ErrorRate on the canary is 8, on unpatched hosts 3\. Arithmetic: against 5 samples of unpatched peers by samples U 25, p 0\.00397, as 5 against 5 independent samples p 0\.00397, effect 1 \(0\.285 to 1\); tests: all hosts p 0\.00397 of 0\.045, .*: worse$/,
    )
  })

  it('names the metric that failed among several', () => {
    const { verdict, reasons } = judgeCanary(
      anyInput({ metrics: [anyMetric(), anyMetric({ name: 'Latency', canary: bad }), anyMetric({ name: 'Cpu' })] }),
    )
    expect(verdict).toBe('fail')
    expect(reasons).toHaveLength(1)
    expect(reasons[0]).toMatch(/^Latency on the canary /)
  })
})

describe('6.3 judgeCanary without enough data (F37, I20)', () => {
  const { baseline: _, ...alone } = anyMetric()
  it.each<[string, MetricSamples]>([
    ['no sample of the canary', anyMetric({ canary: [] })],
    ['no sample of existing peers', anyMetric({ baseline: [] })],
    ['nothing to compare with', alone],
    ['no peer left and too short a past', { ...alone, history: [1, 2, 3, 4] }],
    ['one sample fewer than needed', anyMetric({ canary: [1, 2, 3, 4] })],
    ['samples that are no numbers', anyMetric({ canary: [Number.NaN, Number.NaN, 1, 2, Number.POSITIVE_INFINITY] })],
  ])('F37: is inconclusive with %s, never a pass', (_name, metric) => {
    const { verdict, metrics } = judgeCanary(anyInput({ metrics: [metric] }))
    expect(verdict).toBe('inconclusive')
    expect(metrics[0]?.because).toMatch(/needed/)
  })

  it('is inconclusive when so few samples could not show any difference', () => {
    const few = { canary: [1, 2], baseline: [1, 2, 3] }
    const { verdict, reasons } = judgeCanary(anyInput({ samplesMin: 2, metrics: [anyMetric(few)] }))
    expect(verdict).toBe('inconclusive')
    expect(reasons[0]).toContain('smallest possible p 0.1')
  })

  it('is inconclusive with no metric at all', () => {
    expect(judgeCanary(anyInput({ metrics: [] }))).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['no metric is declared, so nothing can be judged'],
    })
  })

  it('still fails when one metric has no data and another is worse', () => {
    const metrics = [anyMetric({ name: 'Silent', canary: [] }), anyMetric({ canary: bad })]
    expect(judgeCanary(anyInput({ metrics })).verdict).toBe('fail')
  })

  it('does not pass when one of several metrics has no data', () => {
    const metrics = [anyMetric(), anyMetric({ name: 'Silent', canary: [] })]
    expect(judgeCanary(anyInput({ metrics })).verdict).toBe('inconclusive')
  })

  it('passes an error rate that is zero everywhere', () => {
    const zeros = Array.from({ length: 20 }, () => 0)
    expect(verdictOf({ canary: zeros, baseline: zeros, history: zeros })).toBe('pass')
  })

  it('gives no pass on samples that are not there, whatever they are (property)', () => {
    const values = fc.array(fc.double({ noNaN: false }), { maxLength: 12 })
    fc.assert(
      fc.property(values, values, fc.integer({ min: 1, max: 4 }), (canary, baseline, look) => {
        const input = anyInput({ look, samplesMin: 8, metrics: [anyMetric({ canary, baseline })] })
        const enough = [canary, baseline].every((side) => side.filter((value) => Number.isFinite(value)).length >= 8)
        const { verdict } = judgeCanary(input)
        if (verdict === 'pass') expect([look, enough]).toEqual([4, true])
        expect(judgeCanary(input)).toEqual(judgeCanary(input))
      }),
    )
  })
})

describe('6.3 error rates', () => {
  const thresholdsOf = (pValues: readonly number[], alpha: number, count = pValues.length) =>
    holmThresholds(
      pValues.map((p) => ({ p, thresholdAt: (share) => share })),
      { alpha, count },
    )

  it('steps down as Holm does', () => {
    expect(thresholdsOf([0.04, 0.001, 0.03], 0.06)).toEqual([0.06, 0.02, 0.03])
    expect(thresholdsOf([0.9, 0.001, 0.8], 0.06)).toEqual([0, 0.02, 0.03])
    expect(thresholdsOf([], 0.05)).toEqual([])
  })

  it('counts metrics that have no p value yet', () => {
    expect(thresholdsOf([0.9, 0.001], 0.06, 3)).toEqual([0.03, 0.02])
  })

  it('fails a healthy patch in no more than alpha of 120 rollouts of four looks at three metrics (seed 42)', () => {
    const random = generator(42)
    const rollouts = 120
    let failed = 0
    for (let rollout = 0; rollout < rollouts; rollout++) {
      const names = ['ErrorRate', 'Latency', 'Cpu']
      const canary = names.map(() => draw(random, 40))
      const baseline = names.map(() => draw(random, 60))
      const isFailed = [1, 2, 3, 4].some((look) => {
        const metrics = names.map((name, index) =>
          anyMetric({
            name,
            canary: (canary[index] ?? []).slice(0, look * 10),
            baseline: (baseline[index] ?? []).slice(0, look * 15),
          }),
        )
        return judgeCanary(anyInput({ look, metrics, effectMin: 0 }), rememberedBoundaryP).verdict === 'fail'
      })
      failed += isFailed ? 1 : 0
    }
    // Three standard deviations above alpha.
    expect(failed).toBeLessThanOrEqual(rollouts * (0.05 + 3 * Math.sqrt((0.05 * 0.95) / rollouts)))
  }, 60_000)
})

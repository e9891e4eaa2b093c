import { describe, expect, it } from 'vitest'
import { hostsOf } from '../../../functions/validation/hosts.ts'
import type { JudgeInput, MetricSamples } from '../../../functions/validation/judge-input.ts'
import { silenceOf } from '../../../functions/validation/silence.ts'

const full = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const gap = (from: number, until: number) => full.map((value, index) => (index >= from && index < until ? null : value))
const metricOf = (canary: MetricSamples['canary'], more: Partial<MetricSamples> = {}): MetricSamples => ({
  name: 'Errors',
  higherIsWorse: true,
  canary,
  baseline: [full, full],
  ...more,
})
const input: JudgeInput = { alpha: 0.02, looksMax: 1, look: 1, samplesMin: 2, effectMin: 0.33, metrics: [] }
const silence = (metric: MetricSamples, more: Partial<JudgeInput> = {}) =>
  silenceOf(metric, hostsOf(metric, 1), { ...input, ...more })

describe('6.3 silenceOf: silence is no pass', () => {
  it('is none where all gave their samples, or two periods are missing', () => {
    expect(silence(metricOf([full, full]))).toBeUndefined()
    expect(silence(metricOf([full, gap(4, 6)]))).toBeUndefined()
  })

  it('names the host that was silent for three periods, and what a pass needs', () => {
    const said = silence(metricOf([full, gap(4, 7)], { hostIds: ['a', 'b'] }), { sampleShareMin: 0.5 })
    expect(said).toBe(
      '1 of 2 patched hosts (b) gave 7 of 10 samples and were silent for up to 3 periods; a pass needs 50 % and no silence of 3 periods',
    )
  })

  it('names the one that gave too little in all, though never for long', () => {
    const scattered = full.map((value, index) => (index % 3 === 1 ? null : value))
    expect(silence(metricOf([full, scattered]))).toMatch(/^1 of 2 patched hosts \(host 2\) gave 7 of 10/)
    expect(silence(metricOf([full, scattered]), { sampleShareMin: 0.7 })).toBeUndefined()
  })

  it('takes what all hosts lack for a fault of the monitoring', () => {
    const metric = metricOf([gap(4, 7), gap(4, 7)], { baseline: [gap(4, 7), gap(4, 7)] })
    expect(silence(metric, { sampleShareMin: 0.5 })).toBeUndefined()
  })

  it('knows no silence where absence means zero', () => {
    expect(silence(metricOf([full, gap(0, 10)], { missing: 'zero' }))).toBeUndefined()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalNumbers } from '../../../bench/canary-runs.ts'
import { effectInterval } from '../../../functions/validation/effect-interval.ts'
import { mannWhitney } from '../../../functions/validation/mann-whitney.ts'
import { normalTail } from '../../../functions/validation/normal.ts'

describe('6.3 effectInterval', () => {
  const effects = fc.double({ min: -1, max: 1, noNaN: true })
  const counts = fc.double({ min: 1, max: 500, noNaN: true })

  it('holds what was seen, lies in -1 to 1 and turns round with the sides (property)', () => {
    fc.assert(
      fc.property(effects, counts, counts, (effect, baseline, canary) => {
        const [low, high] = effectInterval(effect, baseline, canary)
        expect(low).toBeLessThanOrEqual(effect + 1e-9)
        expect(high).toBeGreaterThanOrEqual(effect - 1e-9)
        expect(low).toBeGreaterThanOrEqual(-1)
        expect(high).toBeLessThanOrEqual(1)
        const [otherLow, otherHigh] = effectInterval(-effect, canary, baseline)
        expect(otherLow).toBeCloseTo(-high, 9)
        expect(otherHigh).toBeCloseTo(-low, 9)
      }),
    )
  })

  it('is honest at complete separation, and narrows with more samples', () => {
    expect(effectInterval(1, 5, 5)[0]).toBeCloseTo(0.285, 3)
    expect(effectInterval(1, 60, 60)[0]).toBeGreaterThan(0.9)
    expect(effectInterval(0.3, 60, 60)[1]).toBeGreaterThan(effectInterval(0.3, 120, 120)[1])
    expect(effectInterval(0.3, 0, 60)).toEqual([-1, 1])
  })

  it.each([0, 1, 2])('holds the truth in 95 %% of 2,000 pairs of 20 samples shifted by %d (seed 9)', (shift) => {
    const next = normalNumbers(9 + shift)
    const truth = 1 - 2 * normalTail(shift / Math.SQRT2)
    const runs = 2000
    let held = 0
    for (let run = 0; run < runs; run++) {
      const baseline = Array.from({ length: 20 }, next)
      const canary = Array.from({ length: 20 }, () => next() + shift)
      const [low, high] = effectInterval(mannWhitney(baseline, canary, 'greater').effect, 20, 20)
      if (low <= truth && truth <= high) held++
    }
    expect(Math.abs(held / runs - 0.95)).toBeLessThan(0.02)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawSeries, normalNumbers } from '../../../bench/canary-runs.ts'
import { cautiousAutocorrelation, effectiveCount } from '../../../functions/validation/autocorrelation.ts'
import { centredRanks, seriesOf } from '../../../functions/validation/series.ts'

const series = (values: readonly number[]) => seriesOf(new Float64Array(values))
const cautious = (...all: readonly (readonly number[])[]) => cautiousAutocorrelation(all.map(series))

describe('6.3 seriesOf', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { maxLength: 70 })

  it('sorts as the runtime does, and knows where each value stood', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const { values: kept, sorted, places } = series(numbers.map((value) => value + 0))
        expect([...sorted]).toEqual([...new Float64Array(kept).sort()])
        expect([...places].map((place) => kept[place])).toEqual([...sorted])
        expect(new Set(places).size).toBe(numbers.length)
      }),
    )
  })

  it('ranks equals alike, around a mean of 0', () => {
    expect([...centredRanks(series([5, 1, 5, 3]))]).toEqual([1, -1.5, 1, -0.5])
    fc.assert(
      fc.property(values, (numbers) => {
        expect(centredRanks(series(numbers)).reduce((sum, rank) => sum + rank, 0)).toBeCloseTo(0, 9)
      }),
    )
  })
})

describe('6.3 cautiousAutocorrelation', () => {
  it.each([0, 0.3, 0.5, 0.7])(
    'is at least the truth of %d in two of three pairs of 30, and near it in long ones',
    (rho) => {
      const next = normalNumbers(11)
      const process = { name: 'AR(1)', rho }
      const runs = 500
      const short = Array.from({ length: runs }, () =>
        cautious(drawSeries(next, process, 30), drawSeries(next, process, 30)),
      )
      expect(short.filter((found) => found >= rho).length).toBeGreaterThan((2 / 3) * runs)
      const long = cautious(drawSeries(next, process, 5000))
      expect(Math.abs(long - rho)).toBeLessThan(0.06)
    },
  )

  it('counts an alternating series as independent, never as more than that', () => {
    expect(cautious(Array.from({ length: 40 }, (_, index) => index % 2))).toBe(0)
  })

  it('knows nothing of single samples', () => {
    expect(cautious([1], [2])).toBe(0.99)
    expect(cautious()).toBe(0.99)
  })

  it('stays small for a constant, which shows no likeness either way', () => {
    expect(cautious(Array.from({ length: 60 }, () => 7))).toBeLessThan(0.15)
  })

  const samples = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 40 })
  it('sees neither a shift between series nor a rising transformation, and lies in 0 to 0.99 (property)', () => {
    fc.assert(
      fc.property(samples, samples, (left, right) => {
        const found = cautious(left, right)
        expect(found).toBeGreaterThanOrEqual(0)
        expect(found).toBeLessThanOrEqual(0.99)
        expect(
          cautious(
            left.map((value) => Math.exp(value / 9)),
            right.map((value) => value + 1e6),
          ),
        ).toBe(found)
        expect(cautious(right, left)).toBeCloseTo(found, 12)
      }),
    )
  })
})

describe('6.3 effectiveCount', () => {
  it('equals the sum over lags (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 0.99, noNaN: true }), (length, rho) => {
        let sum = 0
        for (let lag = 1; lag < length; lag++) sum += (1 - lag / length) * rho ** lag
        expect(effectiveCount(length, length, rho)).toBeCloseTo(length / (1 + 2 * sum), 6)
      }),
    )
  })

  it('is the count itself without autocorrelation, and a third of it in the long run at 0.5', () => {
    expect(effectiveCount(60, 60, 0)).toBe(60)
    expect(effectiveCount(3e6, 3e6, 0.5)).toBeCloseTo(1e6, -1)
  })

  it('is the variance that a mean of the series really has (seed 5)', () => {
    const next = normalNumbers(5)
    const means = Array.from({ length: 4000 }, () => {
      const drawn = drawSeries(next, { name: 'AR(1)', rho: 0.5 }, 20)
      return drawn.reduce((sum, value) => sum + value, 0) / drawn.length
    })
    const variance = means.reduce((sum, mean) => sum + mean * mean, 0) / means.length
    expect(Math.abs(variance * effectiveCount(20, 20, 0.5) - 1)).toBeLessThan(0.08)
  })
})

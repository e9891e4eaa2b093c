import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scored, separationOf, shiftOf } from '../../../functions/validation/scores.ts'
import { seriesOf } from '../../../functions/validation/series.ts'

const shift = (values: readonly number[], count: number) => shiftOf(scored(seriesOf(new Float64Array(values))), count)
const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true })

describe('6.3 shiftOf: the newest samples of a host against its older ones', () => {
  it('knows nothing without samples on both sides', () => {
    expect(shift([1, 2, 3], 0)).toBeUndefined()
    expect(shift([1, 2, 3], 3)).toBeUndefined()
  })

  it('has an effect of 1 and the largest deviate at complete separation', () => {
    const found = shift([1, 2, 3, 4, 11, 12, 13, 14, 15], 5)
    expect(found?.effect).toBe(1)
    expect(found?.z).toBeCloseTo(separationOf(5, 4), 12)
  })

  it('never exceeds complete separation, whatever the samples (property)', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 30 }), fc.nat(), (values, place) => {
        const count = 1 + (place % (values.length - 1))
        const { z = 0, effect = 0 } = shift(values, count) ?? {}
        expect(Math.abs(z)).toBeLessThanOrEqual(separationOf(count, values.length - count) + 1e-9)
        expect(Math.abs(effect)).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })

  it('turns its sign with the direction', () => {
    const [up, down] = [shift([1, 2, 3, 7, 8, 9], 3), shift([-1, -2, -3, -7, -8, -9], 3)]
    expect((up?.z ?? 0) + (down?.z ?? 1)).toBeCloseTo(0, 12)
  })

  it('says nothing of a constant', () => {
    expect(shift([4, 4, 4, 4], 2)).toMatchObject({ effect: 0, isConstant: true })
  })

  it('is held down by Fisher’s exact test where most samples are the best', () => {
    const zeros = Array.from({ length: 30 }, () => 0)
    expect(shift([...zeros, 0, 0, 0, 0, 1], 5)?.z).toBeLessThan(1.2)
    expect(shift([...zeros, 1, 1, 1, 1, 1], 5)?.z).toBeGreaterThan(4)
  })
})

describe('6.3 separationOf', () => {
  it.each([
    [0, 5, 0],
    [5, 0, 0],
  ])('of %d after %d samples is %d', (count, others, z) => {
    expect(separationOf(count, others)).toBe(z)
  })

  it('grows with the samples', () => {
    expect(separationOf(5, 4)).toBeLessThan(separationOf(5, 60))
    expect(separationOf(5, 60)).toBeLessThan(separationOf(60, 60))
  })
})

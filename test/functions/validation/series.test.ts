import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centredRanks, distancesFrom, joined, lowerMedianOf, seriesOf } from '../../../functions/validation/series.ts'

const runs = { seed: 71, numRuns: 300 }
/** Few different values, so that many are equal. */
const values = fc
  .oneof(
    fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 60 }),
    fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 60 }),
  )
  .map((some) => new Float64Array(some.map((value) => value + 0)))

const sortedOf = (some: Float64Array) => [...some].toSorted((left, right) => left - right)

describe('6.3 what follows from the order of a series without another sort (against sorting again)', () => {
  it('joins two series to the ranks that their samples have together', () => {
    fc.assert(
      fc.property(values, values, (left, right) => {
        const together = new Float64Array([...left, ...right])
        const one = joined(seriesOf(left), seriesOf(right))
        expect([...one.values]).toEqual([...together])
        expect([...one.sorted]).toEqual(sortedOf(together))
        expect([...centredRanks(one)]).toEqual([...centredRanks(seriesOf(together))])
      }),
      runs,
    )
  })

  it('orders distances from the median, or from any value, as a sort does', () => {
    fc.assert(
      fc.property(values, fc.option(fc.integer({ min: -7, max: 7 })), (some, other) => {
        const middle = other ?? lowerMedianOf(seriesOf(some))
        const distances = some.map((value) => Math.abs(value - middle))
        const one = distancesFrom(seriesOf(some), middle)
        expect([...one.values]).toEqual([...distances])
        expect([...one.sorted]).toEqual(sortedOf(distances))
        expect([...centredRanks(one)]).toEqual([...centredRanks(seriesOf(distances))])
      }),
      runs,
    )
  })

  it('takes the lower of two middle values for the median', () => {
    expect(lowerMedianOf(seriesOf(new Float64Array([4, 1, 3, 2])))).toBe(2)
    expect(lowerMedianOf(seriesOf(new Float64Array(0)))).toBe(0)
  })
})

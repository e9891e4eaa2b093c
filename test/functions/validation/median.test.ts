import { describe, expect, it } from 'vitest'
import { medianOf } from '../../../functions/validation/median.ts'

describe('6.3 medianOf', () => {
  it.each([
    [[3], 3],
    [[3, 1], 2],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[1.7e308, 1.7e308], 1.7e308],
  ])('of %j is %d', (values, median) => {
    expect(medianOf(values)).toBe(median)
  })

  it('leaves the values in their order', () => {
    const values = [3, 1, 2]
    medianOf(values)
    expect(values).toEqual([3, 1, 2])
  })
})

import { describe, expect, it } from 'vitest'
import { seriesOf } from '../../../functions/validation/series.ts'
import { sideOf } from '../../../functions/validation/side.ts'

const series = (...values: readonly number[]) => seriesOf(new Float64Array(values))

describe('6.3 sideOf', () => {
  it('sorts the values of all series together and leaves out those that are empty', () => {
    const side = sideOf([series(5, 1), series(), series(3, 2)])
    expect([...side.sorted]).toEqual([1, 2, 3, 5])
    expect(side.series).toHaveLength(2)
  })

  it('of nothing is empty, and of one series its own order', () => {
    expect(sideOf([]).sorted).toHaveLength(0)
    expect([...sideOf([series(2, 1)]).sorted]).toEqual([1, 2])
  })
})

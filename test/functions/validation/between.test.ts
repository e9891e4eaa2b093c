import { describe, expect, it } from 'vitest'
import { compareGroups, outliers, studentQuantile } from '../../../functions/validation/between.ts'

const hosts = (means: readonly number[], variance = 0) => means.map((mean, index) => ({ index, mean, variance }))

describe('6.3 compareGroups: hosts as units', () => {
  it('is Student’s t test of the means (scipy.stats.ttest_ind, one-sided)', () => {
    const found = compareGroups(hosts([5, 6, 7, 8]), hosts([1, 2, 3, 4]))
    expect(found?.difference).toBe(4)
    expect(found?.freedom).toBe(6)
    expect(found?.p).toBeCloseTo(0.0023, 4)
    expect(found?.hostShare).toBe(1)
  })

  it('is no surer than the samples of a host allow', () => {
    const found = compareGroups(hosts([1, 1.01], 4), hosts([0, 0.01], 4))
    expect(found?.standardError).toBeCloseTo(2, 6)
    expect([found?.hostDeviation, found?.hostShare]).toEqual([0, 0])
  })

  it('cannot compare one host with one, nor anything with nobody', () => {
    expect(compareGroups(hosts([1]), hosts([2]))).toBeUndefined()
    expect(compareGroups(hosts([1, 2]), [])).toBeUndefined()
  })

  it('takes any difference for one where nothing varies, and none for a coin', () => {
    expect(compareGroups(hosts([2, 2]), hosts([1, 1]))?.p).toBe(0)
    expect(compareGroups(hosts([1, 1]), hosts([1, 1]))?.p).toBe(0.5)
  })
})

describe('6.3 outliers: each patched host as one more of the others', () => {
  it('is not sure of anything with a single peer', () => {
    expect(outliers(hosts([100]), hosts([1]))).toEqual([1])
  })

  it('finds the host that lies far out, and not its neighbour', () => {
    const [near = 0, far = 1] = outliers(hosts([3, 30]), hosts([1, 2, 3, 4, 5]))
    expect(near).toBeCloseTo(0.5, 6)
    expect(far).toBeLessThan(0.001)
  })
})

describe('6.3 studentQuantile', () => {
  it.each([
    [0.05, 10, 1.8125],
    [0.001, 4, 7.1732],
  ])('of %d at %d degrees of freedom is %d', (p, freedom, t) => {
    expect(studentQuantile(p, freedom)).toBeCloseTo(t, 3)
  })
})

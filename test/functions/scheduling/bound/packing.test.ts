import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fits } from '../../../../functions/scheduling/bound/packing.ts'

const tries = (most = 100_000) => ({ left: most, most })

/** By trying every bin for every job, with nothing left out. */
const canFit = (jobs: readonly number[], bins: readonly number[]): boolean => {
  const [first, ...others] = jobs
  if (first === undefined) return true
  return bins.some(
    (room, at) =>
      room >= first &&
      canFit(
        others,
        bins.map((one, bin) => (bin === at ? one - first : one)),
      ),
  )
}

describe('5.7 fits', () => {
  it('says what trying every bin for every job says', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(sizes, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }), (jobs, bins) => {
        expect(fits(jobs, bins, tries())).toBe(canFit(jobs, bins) ? 'yes' : 'no')
      }),
    )
  })

  it('does not say no where it gave up, and counts what it spent', () => {
    const jobs = Array.from({ length: 20 }, (_, at) => 101 + at * 7)
    const spent = tries(50)
    expect(fits(jobs, [1_170, 1_170, 1_170], spent)).not.toBe('no')
    expect(spent.left).toBeLessThan(50)
    expect(fits([60, 60], [100], { left: -1, most: 10 })).toBe('unknown')
  })
})

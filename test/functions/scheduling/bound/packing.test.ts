import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fits as fitsWith } from '../../../../functions/scheduling/bound/packing.ts'

const fits = (jobs: readonly number[], bins: readonly number[]) =>
  fitsWith(jobs, bins, { left: 100_000, most: 100_000 })

/** By the assignment of every job to every bin. */
function fitsByTrying([job, ...rest]: readonly number[], bins: readonly number[]): boolean {
  if (job === undefined) return true
  return bins.some((room, bin) => room >= job && fitsByTrying(rest, bins.with(bin, room - job)))
}

describe('B40 whether jobs fit into bins', () => {
  it.each([
    ['no job into no bin', [], [], 'yes'],
    ['a job into no bin', [1], [], 'no'],
    ['a job into a bin of its length', [3], [3], 'yes'],
    ['a job that is longer by less than sums are exact', [3 + 5e-7], [3], 'yes'],
    ['a job that is longer', [3.01], [3], 'no'],
    ['two that only the right order leaves room for', [6, 4, 5, 5], [10, 10], 'yes'],
    ['jobs that fit by their sum alone', [4, 4, 4], [6, 6], 'no'],
    ['jobs that the longest-first rule would place wrong', [7, 6, 5, 4, 4, 4], [15, 15], 'yes'],
    ['alike jobs into bins of several lengths', [3, 3, 3], [2, 3, 7], 'yes'],
    ['more work than room', [5, 5, 5], [7, 7], 'no'],
  ] as const)('%s', (_, jobs, bins, answer) => {
    expect(fits(jobs, bins)).toBe(answer)
  })

  it('is what trying every assignment says', () => {
    const jobs = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 7 })
    const bins = fc.array(fc.integer({ min: 1, max: 14 }), { maxLength: 4 })
    fc.assert(
      fc.property(jobs, bins, (lengths, rooms) => {
        expect(fits(lengths, rooms)).toBe(fitsByTrying(lengths, rooms) ? 'yes' : 'no')
      }),
    )
  })

  it('is not known where there are more ways than are tried', () => {
    // Each bin takes two of these, so 41 are one too many for 20; by their sum they fit.
    const jobs = Array.from({ length: 41 }, (_, index) => 34 + index / 100)
    expect(
      fits(
        jobs,
        Array.from({ length: 20 }, () => 100),
      ),
    ).toBe('unknown')
  })

  it('spends of the steps that all questions have, and does not know where none is left', () => {
    const tries = { left: 100, most: 10 }
    expect(fitsWith([60, 50, 40], [100, 100], tries)).toBe('yes')
    expect(tries.left).toBeLessThan(100)
    expect(fitsWith([60, 60], [100], { left: 0, most: 10 })).toBe('unknown')
  })
})

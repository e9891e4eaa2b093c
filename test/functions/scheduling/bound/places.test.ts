import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placesBound, wholeSeconds } from '../../../../functions/scheduling/bound/places.ts'

const longestFirst = fc
  .array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 7 })
  .map((list) => list.sort((one, other) => other - one))

/** The least end over every way to deal jobs to places. */
function leastEnd(jobs: readonly number[], places: readonly number[]): number {
  const [job, ...rest] = jobs
  if (job === undefined) return Math.max(...places)
  return Math.min(
    ...places.map((busy, at) =>
      leastEnd(
        rest,
        places.map((one, other) => (other === at ? busy + job : one)),
      ),
    ),
  )
}

describe('5.2 placesBound', () => {
  it.each([
    ['the longest job', [9, 1, 1], 3, 9],
    ['all work over the places', [4, 4, 2, 2], 3, 4],
    ['two jobs that must share a place', [5, 5, 5], 2, 10],
    ['the three shortest of five that share one of two places', [3, 3, 3, 3, 3], 2, 9],
    ['nothing without jobs', [], 2, 0],
    ['nothing without places, of which others speak', [5], 0, 0],
  ])('is %s', (_, jobs, places, seconds) => {
    expect(placesBound(jobs, places)).toBe(seconds)
  })

  it('is never longer than the best way to deal the jobs to the places', () => {
    fc.assert(
      fc.property(longestFirst, fc.integer({ min: 1, max: 3 }), (jobs, places) => {
        const best = leastEnd(
          jobs,
          Array.from({ length: places }, () => 0),
        )
        expect(placesBound(jobs, places)).toBeLessThanOrEqual(best)
      }),
      { numRuns: 40 },
    )
  })
})

describe('5.2 wholeSeconds', () => {
  it.each([
    [7.2, true, 8],
    [7, true, 7],
    [7.000_000_5, true, 7],
    [7.2, false, 7.2],
  ])('of %s s is whole or not (%s): %s s', (seconds, isWhole, expected) => {
    expect(wholeSeconds(seconds, isWhole)).toBe(expected)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openingsOf } from '../../../functions/scheduling/openings.ts'

const windows = (...spans: readonly (readonly [number, number])[]) =>
  spans.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds }))
const spansOf = (...lists: Parameters<typeof openingsOf>[0][number][]) => {
  const found = openingsOf(lists)
  return found && [...found.starts].map((start, at) => [start, found.ends[at]])
}
const anyWindows = fc
  .array(fc.tuple(fc.integer({ min: -3, max: 12 }), fc.integer({ min: 0, max: 6 })), { maxLength: 6 })
  .map((spans) => spans.map(([startSeconds, length]) => ({ startSeconds, endSeconds: startSeconds + length })))

describe('5.1 openingsOf', () => {
  it('is open at any time where no service has windows', () => {
    expect(openingsOf([undefined, undefined])).toBeUndefined()
  })

  it('is never open where a service has a list of windows without any', () => {
    expect(openingsOf([[], undefined])).toMatchObject({ longest: 0, starts: { length: 0 } })
  })

  it('begins no earlier than the change', () => {
    expect(spansOf(windows([-50, 20], [-9, -1]))).toEqual([[0, 20]])
  })

  it('leaves out a window that lies in another', () => {
    expect(spansOf(windows([5, 8], [0, 10], [0, 4]))).toEqual([[0, 10]])
  })

  it('does not join windows that overlap, since the longer span was never agreed', () => {
    expect(spansOf(windows([5, 15], [0, 10]))).toEqual([
      [0, 10],
      [5, 15],
    ])
  })

  it('has no opening of no length where one window ends as the other starts', () => {
    expect(spansOf(windows([0, 10]), windows([10, 20]))).toEqual([])
  })

  it('tells the length of the longest span', () => {
    expect(openingsOf([windows([0, 10], [20, 50]), windows([25, 60])])?.longest).toBe(25)
  })

  it('holds a host just where a window of every service does, and both ends of the spans rise', () => {
    fc.assert(
      fc.property(fc.array(anyWindows, { minLength: 1, maxLength: 3 }), (lists) => {
        const { starts = new Float64Array(), ends = new Float64Array() } = openingsOf(lists) ?? {}
        for (const rising of [starts, ends])
          for (let at = 1; at < rising.length; at++) expect(rising[at]).toBeGreaterThan(rising[at - 1] ?? 0)
        for (let start = 0; start < 14; start++)
          for (const end of [start + 1, start + 3]) {
            const isHeld = [...starts].some((from, at) => from <= start && end <= (ends[at] ?? 0))
            const isHeldByAll = lists.every((list) =>
              list.some(({ startSeconds, endSeconds }) => startSeconds <= start && end <= endSeconds),
            )
            expect(isHeld).toBe(isHeldByAll)
          }
      }),
      { numRuns: 30 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OpenTime } from '../../../../functions/scheduling/bound/windows.ts'

const openAt = (shortestSeconds: number, ...spans: readonly (readonly [number, number])[]) =>
  new OpenTime(
    spans.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds })),
    shortestSeconds,
  )

describe('5.2 OpenTime', () => {
  it('is all time where there are no windows', () => {
    const time = new OpenTime(undefined, 0)
    expect([time.after(5, 10), time.fit(5, 10)]).toEqual([15, 15])
  })

  it.each([
    ['within the span that is open', 5, 3, 8],
    ['up to the very end of a span', 5, 5, 10],
    ['across the time between spans', 5, 7, 22],
    ['from between the spans', 15, 1, 21],
    ['nothing at all', 15, 0, 15],
    ['more than there is', 5, 16, Number.POSITIVE_INFINITY],
  ])('counts open seconds: %s', (_, from, seconds, end) => {
    expect(openAt(0, [20, 30], [0, 10]).after(from, seconds)).toBe(end)
  })

  it.each([
    ['where it stands', 0, 10, 10],
    ['in the next span, when this one is too short by now', 5, 6, 26],
    ['nowhere', 0, 11, Number.POSITIVE_INFINITY],
  ])('fits a host that is not interrupted: %s', (_, from, seconds, end) => {
    expect(openAt(0, [0, 10], [20, 30]).fit(from, seconds)).toBe(end)
  })

  it('joins windows that touch or overlap', () => {
    expect(openAt(0, [5, 12], [0, 6], [12, 20]).fit(0, 20)).toBe(20)
  })

  it('does not count a window that is too short for any host, nor time before the change', () => {
    expect(openAt(5, [0, 4], [-3, 1], [10, 20]).after(0, 1)).toBe(11)
  })

  it('ends no sooner for more work, and no sooner than without windows', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 20 }), (from, seconds) => {
        const time = openAt(0, [0, 10], [20, 30], [31, 40])
        expect(time.after(from, seconds)).toBeGreaterThanOrEqual(from + seconds)
        expect(time.after(from, seconds + 1)).toBeGreaterThanOrEqual(time.after(from, seconds))
        expect(time.fit(from, seconds)).toBeGreaterThanOrEqual(time.after(from, seconds))
      }),
    )
  })
})

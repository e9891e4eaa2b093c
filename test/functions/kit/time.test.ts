import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantAfter, instantMs, isoInstant, msBetween } from '../../../functions/kit/time.ts'

const anyMs = fc.integer({ min: 0, max: 4_102_444_800_000 })

describe('instants as text', () => {
  it('come back from their text, and keep their spans', () => {
    fc.assert(
      fc.property(anyMs, anyMs, (from, to) => {
        expect(instantMs(isoInstant(from))).toBe(from)
        expect(msBetween(isoInstant(from), isoInstant(to))).toBe(to - from)
        expect(instantAfter(isoInstant(from), to - from)).toBe(isoInstant(to))
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('are read with any zone and any fraction', () => {
    expect(instantMs('2026-11-23T10:00:00+02:00')).toBe(Date.UTC(2026, 10, 23, 8))
    expect(instantMs('2026-11-23T10:00:00.123456789Z')).toBe(Date.UTC(2026, 10, 23, 10, 0, 0, 123))
  })

  it.each([
    '',
    '2026-11-23',
    '2026-11-23T10:00:00',
    'Mon, 23 Nov 2026 10:00:00 GMT',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    'now',
  ])('are refused when they name no moment: %j', (text) =>
    expect(() => instantMs(text)).toThrow(/DD1008|is not an ISO 8601 instant/),
  )
})

import { describe, expect, it } from 'vitest'
import { readMetrics, weightOf } from '../../../functions/risk/cvss-metrics.ts'

const metrics = { mandatory: ['A'], values: { A: { X: 0, H: 1 }, B: { L: 1 } }, undefinedValue: 'X' }

describe('B13 readMetrics', () => {
  it('reads each metric by its name', () => {
    expect(readMetrics('A:H/B:L', metrics)).toEqual(
      new Map([
        ['A', 'H'],
        ['B', 'L'],
      ]),
    )
  })

  it.each([
    ['', '"" is not a metric'],
    ['A:H/', '"" is not a metric'],
    ['A:H/C:1', '"C:1" is not a metric'],
    ['constructor:1', '"constructor:1" is not a metric'],
    ['A', '"A" is not a metric'],
    ['A:Z', 'metric A cannot have the value "Z"'],
    ['A:', 'metric A cannot have the value ""'],
    ['A:toString', 'metric A cannot have the value "toString"'],
    ['A:H/A:H', 'metric A is given twice'],
    ['B:L', 'metric A is missing'],
    ['A:X/B:L', 'metric A is missing'],
  ])('refuses "%s": %s', (body, refused) => {
    expect(readMetrics(body, metrics)).toEqual({ refused })
  })
})

describe('B13 weightOf', () => {
  it('has no weight for a value that the metric does not have', () => {
    expect(weightOf({ H: 0.56 }, 'H')).toBe(0.56)
    expect(() => weightOf({ H: 0.56 }, 'Z')).toThrow(RangeError)
  })
})

import { describe, expect, it } from 'vitest'
import { alphaSpentBy, boundaryP } from '../../../functions/validation/boundary.ts'
import type { TestName } from '../../../functions/validation/metric-tests.ts'
import { type Spending, thresholdOf } from '../../../functions/validation/shares.ts'

const names: readonly TestName[] = [
  'all hosts',
  'some hosts',
  'all hosts, newest',
  'some hosts, newest',
  'spread',
  'rare outliers',
]
const once: Spending = { alpha: 0.02, look: 1, looks: 1, firstLook: 1, isByHost: true, findBoundary: boundaryP }
const totalAt = (spending: Spending) => names.reduce((sum, name) => sum + thresholdOf({ name, tries: 1 }, spending), 0)

describe('6.3 thresholdOf: how tests share an error rate', () => {
  it.each([true, false])('no more than alpha is spent in all at a single look, hosts told apart: %s', (isByHost) => {
    const level = thresholdOf({ name: 'all hosts', tries: 1 }, { ...once, isByHost })
    const shapes = (['some hosts', 'spread', 'rare outliers'] as const).map((name) =>
      thresholdOf({ name, tries: 1 }, { ...once, isByHost }),
    )
    expect([level, ...shapes].reduce((sum, p) => sum + p, 0)).toBeCloseTo(0.02, 6)
  })

  it.each([true, false])('nor by any look of twelve, hosts told apart: %s', (isByHost) => {
    for (const look of [1, 5, 12]) expect(totalAt({ ...once, isByHost, look, looks: 12 })).toBeLessThan(0.02)
  })

  it('halves the threshold where two hosts are tried, about', () => {
    const [one, two] = [1, 2].map((tries) => thresholdOf({ name: 'some hosts', tries }, once))
    expect((one ?? 0) / (two ?? 1)).toBeCloseTo(2, 6)
  })

  it('gives newest samples what a look adds, and nothing to hosts that nobody tells apart', () => {
    const added = alphaSpentBy(0.002, 3, 12) - alphaSpentBy(0.002, 2, 12)
    expect(thresholdOf({ name: 'all hosts, newest', tries: 1 }, { ...once, look: 3, looks: 12 })).toBeCloseTo(added, 12)
    expect(thresholdOf({ name: 'some hosts', tries: 3 }, { ...once, isByHost: false })).toBe(0)
  })
})

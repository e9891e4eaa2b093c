import { describe, expect, it } from 'vitest'
import { normalNumbers } from '../../../bench/canary-runs.ts'
import { alphaSpentBy, boundaryP } from '../../../functions/validation/boundary.ts'
import { normalQuantile } from '../../../functions/validation/normal.ts'

const boundaryZ = (alpha: number, looks: number, firstLook = 1) =>
  Array.from({ length: looks - firstLook + 1 }, (_, index) =>
    normalQuantile(boundaryP({ alpha, looks, firstLook }, firstLook + index)),
  )

describe('6.3 alphaSpentBy', () => {
  it('spends all of alpha by the last look, early looks a little more than late ones', () => {
    const spent = [0, 1, 2, 3, 4].map((look) => alphaSpentBy(0.05, look, 4))
    expect(spent[0]).toBe(0)
    expect(spent[4]).toBeCloseTo(0.05, 12)
    const shares = [1, 2, 3, 4].map((look) => (spent[look] ?? 0) - (spent[look - 1] ?? 0))
    expect(shares).toEqual(shares.toSorted((left, right) => right - left))
    expect(alphaSpentBy(0.05, 9, 4)).toBeCloseTo(0.05, 12)
  })
})

describe('6.3 boundaryP', () => {
  // Reboussin, DeMets, Kim and Lan 2000, Controlled Clinical Trials 21(3): Pocock-type spending, one-sided 0.025.
  it.each([
    [1, [1.96]],
    [2, [2.157, 2.201]],
    [5, [2.438, 2.427, 2.41, 2.397, 2.386]],
  ])('has the published values for %d looks', (looks, published) => {
    const found = boundaryZ(0.025, looks)
    expect(found).toHaveLength(published.length)
    for (const [index, z] of published.entries()) expect(Math.abs((found[index] ?? 0) - z)).toBeLessThan(0.001)
  })

  it('is crossed by alpha of 40,000 walks over twelve looks (seed 3)', () => {
    const next = normalNumbers(3)
    const zs = boundaryZ(0.02, 12)
    const walks = 40_000
    let crossed = 0
    for (let walk = 0; walk < walks; walk++) {
      let sum = 0
      const isOver = zs.some((z, index) => {
        sum += next()
        return sum / Math.sqrt(index + 1) > z
      })
      crossed += isOver ? 1 : 0
    }
    expect(Math.abs(crossed / walks - 0.02)).toBeLessThan(3 * Math.sqrt((0.02 * 0.98) / walks))
  })

  it('leaves to the first look with samples what earlier ones could not spend', () => {
    expect(boundaryP({ alpha: 0.02, looks: 12, firstLook: 3 }, 3)).toBeCloseTo(alphaSpentBy(0.02, 3, 12), 9)
    expect(boundaryP({ alpha: 0.02, looks: 12, firstLook: 12 }, 12)).toBeCloseTo(0.02, 9)
    expect(boundaryP({ alpha: 0.02, looks: 12, firstLook: 2 }, 12)).toBeCloseTo(
      boundaryP({ alpha: 0.02, looks: 12, firstLook: 1 }, 12),
      4,
    )
  })

  it.each([
    [1e-9, 12],
    [0.5, 12],
    [0.0004, 200],
  ])('stays between 0 and alpha at alpha %d and %d looks', (alpha, looks) => {
    const p = boundaryP({ alpha, looks, firstLook: 1 }, looks)
    expect(p).toBeGreaterThan(0)
    expect(p).toBeLessThan(alpha)
  })
})

import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../simulator/random.ts'

const draws = (seed: string | number, count = 5) => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => random.fraction())
}

describe('randomness from a seed', () => {
  it('repeats for the same seed and differs for another', () => {
    expect(draws(7)).toEqual(draws(7))
    expect(draws(7)).not.toEqual(draws(8))
  })

  it('gives a stream of its own to each name, whatever was drawn before', () => {
    const random = seededRandom(7)
    const first = random.fork('ids').bytes(8)
    random.fraction()
    expect(random.fork('ids').bytes(8)).toEqual(first)
    expect(random.fork('secrets').bytes(8)).not.toEqual(first)
  })

  it('spreads its draws evenly', () => {
    const tenths = new Array<number>(10).fill(0)
    for (const draw of draws(1, 20_000)) tenths[Math.floor(draw * 10)] = (tenths[Math.floor(draw * 10)] ?? 0) + 1
    expect(Math.min(...tenths)).toBeGreaterThan(1_850)
    expect(Math.max(...tenths)).toBeLessThan(2_150)
  })

  it('draws whole numbers below a limit, all of them', () => {
    const random = seededRandom(3)
    expect(new Set(Array.from({ length: 200 }, () => random.below(6)))).toEqual(new Set([0, 1, 2, 3, 4, 5]))
  })
})

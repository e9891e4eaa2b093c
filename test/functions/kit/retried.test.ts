import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pauseMs, retried } from '../../../functions/kit/retried.ts'

/** An attempt that meets `conflicts` other writers before it gets through, and how often it was made. */
function contended(conflicts: number) {
  let made = 0
  return {
    attempt: async () => (made++ < conflicts ? undefined : { at: made }),
    made: () => made,
  }
}

describe('retried', () => {
  it('gives what the first attempt without a conflict gave, and makes no further one', async () => {
    const { attempt, made } = contended(2)
    expect(await retried({ code: 'DD1502', what: 'change 1' }, attempt)).toEqual({ at: 3 })
    expect(made()).toBe(3)
  })

  it('gives up after five conflicts and says what others moved and what to do', async () => {
    const { attempt, made } = contended(5)
    await expect(retried({ code: 'DD1502', what: 'the stop', advice: 'pull it again' }, attempt)).rejects.toThrow(
      'DD1502: the stop was moved by others 5 times in a row; pull it again',
    )
    expect(made()).toBe(5)
  })

  it('waits between tries, longer each time at most, and two writers differently', async () => {
    const pauses: number[] = []
    const pause = async (ms: number) => void pauses.push(ms)
    await expect(retried({ code: 'DD1502', what: 'x', pause }, contended(5).attempt)).rejects.toThrow('DD1502')
    expect(pauses).toEqual([0, 1, 2, 3].map((tries) => pauseMs('x', tries)))
    for (const [tries, most] of [25, 50, 100, 200, 400, 800, 800].entries()) {
      const all = Array.from({ length: 200 }, (_, writer) => pauseMs(`finding F${writer}`, tries))
      expect(Math.min(...all)).toBeGreaterThan(0)
      expect(Math.max(...all)).toBeLessThanOrEqual(most)
      expect(Math.max(...all)).toBeGreaterThan(most * 0.9)
      expect(new Set(all).size).toBeGreaterThan(Math.min(most / 4, 100))
    }
  })

  it('takes false, zero and an empty text for results', async () => {
    for (const result of [false, 0, ''])
      expect(await retried({ code: 'DD1502', what: 'x' }, async () => result)).toBe(result)
  })

  it('lets a fault through at once: only a conflict is tried again', async () => {
    let made = 0
    const attempt = async () => {
      made++
      throw new Error('no table')
    }
    await expect(retried({ code: 'DD1502', what: 'x' }, attempt)).rejects.toThrow('no table')
    expect(made).toBe(1)
  })

  it('succeeds exactly when there are fewer conflicts than tries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(8), fc.integer({ min: 1, max: 8 }), async (conflicts, triesMax) => {
        const { attempt, made } = contended(conflicts)
        const outcome = await retried({ code: 'DD1702', what: 'x', triesMax }, attempt).then(
          () => 'result',
          ({ code }) => code,
        )
        expect(outcome).toBe(conflicts < triesMax ? 'result' : 'DD1702')
        expect(made()).toBe(Math.min(conflicts + 1, triesMax))
      }),
    )
  })
})

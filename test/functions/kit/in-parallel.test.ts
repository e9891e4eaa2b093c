import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inParallel } from '../../../functions/kit/in-parallel.ts'

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await undefined
}

describe('inParallel', () => {
  it('keeps the order of the items and never works on more than the bound', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), async (waits, limit) => {
        let working = 0
        let peak = 0
        const results = await inParallel(waits, limit, async (wait, index) => {
          peak = Math.max(peak, ++working)
          await turns(wait)
          working--
          return `${index}:${wait}`
        })
        expect(results).toEqual(waits.map((wait, index) => `${index}:${wait}`))
        expect(peak).toBe(Math.min(limit, waits.length))
      }),
    )
  })

  it('starts nothing new after a failure, waits for what is in flight, and throws the first error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ wait: fc.nat(9), fails: fc.boolean() }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 6 }),
        async (items, limit) => {
          let working = 0
          let first: string | undefined
          let startedAfter = 0
          const worked = async ({ wait, fails }: (typeof items)[number], index: number) => {
            working++
            await turns(wait)
            working--
            if (fails) throw new Error(`fault ${index}`)
            return index
          }
          const work = (item: (typeof items)[number], index: number) => {
            if (first !== undefined) startedAfter++
            const result = worked(item, index)
            result.catch(({ message }) => {
              first ??= message
            })
            return result
          }
          const outcome = await inParallel(items, limit, work).then(
            () => undefined,
            ({ message }) => message,
          )
          expect(outcome).toBe(first)
          expect(working).toBe(0)
          expect(startedAfter).toBe(0)
        },
      ),
    )
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a bound of %s instead of doing nothing',
    async (limit) => {
      await expect(inParallel([1], limit, async (one) => one)).rejects.toMatchObject({ code: 'DD1010' })
    },
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunkMax, inChunks } from '../../../functions/kit/in-chunks.ts'
import { transactionItemsMax } from '../../../functions/kit/ledger.ts'

const none = () => 0

describe('inChunks', () => {
  it('keeps every value once and in order, and no chunk is too large that could be split', () => {
    const { items, characters } = chunkMax
    const value = fc.record({
      items: fc.integer({ min: 1, max: 60 }),
      characters: fc.integer({ min: 0, max: 2_000_000 }),
    })
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), (values) => {
        const chunks = inChunks(
          values,
          (one) => one.characters,
          (one) => one.items,
        )
        expect(chunks.flat()).toEqual(values)
        const sum = (chunk: typeof values, key: 'items' | 'characters') =>
          chunk.reduce((total, one) => total + one[key], 0)
        for (const chunk of chunks.filter(({ length }) => length !== 1)) {
          expect(sum(chunk, 'items')).toBeLessThanOrEqual(items)
          expect(sum(chunk, 'characters')).toBeLessThanOrEqual(characters)
        }
      }),
    )
  })

  it('fills a chunk to the last item and begins the next with the one more', () => {
    const values = Array.from({ length: chunkMax.items + 1 }, (_, at) => at)
    expect(inChunks(values, none).map(({ length }) => length)).toEqual([chunkMax.items, 1])
  })

  it('lets a value that is too long stand alone', () => {
    expect(inChunks([1, chunkMax.characters + 1, 1], (length) => length)).toEqual([[1], [chunkMax.characters + 1], [1]])
  })

  it('makes no chunk of nothing', () => {
    expect(inChunks([], none)).toEqual([])
  })

  it('leaves room in a transaction for what moves with a chunk', () => {
    expect(chunkMax.items).toBeLessThan(transactionItemsMax)
  })
})

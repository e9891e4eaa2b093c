import { describe, expect, it } from 'vitest'
import { detailBytesMax, importDetails, recordsIn } from '../../../functions/intake/import-event.ts'

const records = (count: number, characters = 10) =>
  Array.from({ length: count }, (_, number) => ({ number, text: 'ä'.repeat(characters) }))
const unpacked = (details: readonly string[]) => details.flatMap((detail) => JSON.parse(detail).findings)
const bytes = (text: string) => new TextEncoder().encode(text).length

describe('1.2 importDetails', () => {
  it('packs every record once and in order, at most 25 in an event', () => {
    const { details, tooLarge } = importDetails(records(60))
    expect([details.length, tooLarge]).toEqual([3, []])
    expect(unpacked(details)).toEqual(records(60))
  })

  it('counts bytes and not characters, and passes the limit of an event by none', () => {
    const { details } = importDetails(records(10, 30_000))
    expect(details.length).toBeGreaterThan(1)
    for (const detail of details) expect(bytes(detail)).toBeLessThanOrEqual(detailBytesMax)
    expect(unpacked(details)).toHaveLength(10)
  })

  it('names a record that fits into no event, and packs the others', () => {
    const [small, large] = [{ a: 1 }, { text: 'x'.repeat(detailBytesMax) }]
    const { details, tooLarge } = importDetails([small, large, small])
    expect([unpacked(details), tooLarge]).toEqual([[small, small], [large]])
  })

  it('makes no event of nothing', () => {
    expect(importDetails([])).toEqual({ details: [], tooLarge: [] })
  })
})

describe('1.2 recordsIn', () => {
  it('takes records out of lists, one by one', () => {
    expect(recordsIn([[{ a: 1 }], { a: 2 }])).toEqual([{ a: 1 }, { a: 2 }])
  })

  it('gives each record of an event the event around it', () => {
    const event = { 'detail-type': 'x', account: '1', detail: { findings: [{ a: 1 }, { a: 2 }] } }
    expect(recordsIn(event)).toEqual([
      { 'detail-type': 'x', account: '1', detail: { a: 1 } },
      { 'detail-type': 'x', account: '1', detail: { a: 2 } },
    ])
  })

  it('looks into six wrappers and no further', () => {
    expect(recordsIn([[[[[[[1, 2]]]]]]])).toEqual([[1, 2]])
  })
})

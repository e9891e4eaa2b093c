import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Ledger, RecordKind, Stored } from '../../../functions/kit/ledger.ts'
import { everyListed } from '../../../functions/kit/listed.ts'

const kind: RecordKind<number> = { kind: 'number', schema: z.number() }
const anyStored = (value: number): Stored<number> => ({
  ...{ value, version: 1, key: { pk: `N#${value}`, sk: 'N' } },
  listSk: String(value).padStart(5, '0'),
})

/** A list of so many numbers, and what was asked of it. */
function listOf(count: number) {
  const asked: { readonly after?: string | undefined; readonly limit?: number | undefined }[] = []
  const all = Array.from({ length: count }, (_, number) => anyStored(number))
  const list = async (_: unknown, pk: string, { after, limit }: { after?: string; limit?: number } = {}) => {
    expect(pk).toBe('NUMBERS')
    asked.push({ after, limit })
    return all.filter(({ listSk = '' }) => after === undefined || listSk > after).slice(0, limit)
  }
  return { asked, ledger: Object.assign(Object.create(null), { list }) satisfies Pick<Ledger, 'list'> }
}

async function pagesOf(count: number, after?: string) {
  const { asked, ledger } = listOf(count)
  const pages = await Array.fromAsync(everyListed(ledger, kind, 'NUMBERS', after))
  return { asked, sizes: pages.map((page) => page.length), values: pages.flat().map(({ value }) => value) }
}

describe('everyListed', () => {
  it.each([
    [0, [], 1],
    [1, [1], 1],
    [499, [499], 1],
    [500, [500], 2],
    [501, [500, 1], 2],
    [1_200, [500, 500, 200], 3],
  ])('reads %d records in pages of at most 500, each once and in order', async (count, sizes, reads) => {
    const read = await pagesOf(count)
    expect(read.sizes).toEqual(sizes)
    expect(read.values).toEqual(Array.from({ length: count }, (_, number) => number))
    expect(read.asked).toHaveLength(reads)
    expect(read.asked.every(({ limit }) => limit === 500)).toBe(true)
  })

  it('begins after the record that it is told', async () => {
    const { asked, values } = await pagesOf(10, '00006')
    expect(values).toEqual([7, 8, 9])
    expect(asked[0]?.after).toBe('00006')
  })

  it('ends where a record has no place in the list to go on from', async () => {
    const { listSk: _, ...unplaced } = anyStored(1)
    let reads = 0
    const list = async () => {
      reads++
      return Array.from({ length: 500 }, () => unplaced)
    }
    const ledger = Object.assign(Object.create(null), { list }) satisfies Pick<Ledger, 'list'>
    expect(await Array.fromAsync(everyListed(ledger, kind, 'NUMBERS'))).toHaveLength(1)
    expect(reads).toBe(1)
  })
})

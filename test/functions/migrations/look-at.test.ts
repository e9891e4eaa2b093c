import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  charactersOfReplacement,
  isKey,
  itemsOfReplacement,
  lookAt,
  replacementOf,
  type Steps,
} from '../../../functions/migrations/look-at.ts'
import type { RawItem } from '../../../functions/migrations/migration.ts'
import type { ItemsPage, LedgerItems } from '../../../functions/migrations/ports.ts'
import { anyItem } from './any-item.ts'

/** One step: `old` becomes `new`. */
const steps: Steps = {
  direction: 'up',
  migrations: [
    {
      id: '001-new',
      says: 'Old is new.',
      up: (item) => [item.kind === 'old' ? { ...item, kind: 'new' } : item],
      down: (item) => [item.kind === 'new' ? { ...item, kind: 'old' } : item],
    },
  ],
  schemaOf: (kind) => ({ new: z.strictObject({ a: z.number() }), ring: z.strictObject({ state: z.string() }) })[kind],
}
/** A table of pages of one item. */
function tableOf(items: readonly RawItem[], strange: ItemsPage['strange'] = []): LedgerItems {
  return {
    page: async (after) => {
      const at = after === undefined ? 0 : Number(after.sk)
      const next = at + 1 < items.length ? { next: { pk: 'P', sk: String(at + 1) } } : {}
      return { items: items.slice(at, at + 1), strange: at === 0 ? strange : [], ...next }
    },
  }
}

describe('replacementOf', () => {
  const [good, bad] = [anyItem('old', { a: 1 }), anyItem('old', { a: 'one' })]

  it('is what the steps make of a record', () => {
    expect(replacementOf(good, steps)).toMatchObject({ from: { kind: 'old' }, to: [{ kind: 'new' }] })
  })

  it('is none where the steps change nothing, and where the result cannot be read', () => {
    expect([replacementOf(anyItem('new', { a: 1 }), steps), replacementOf(bad, steps)]).toEqual([undefined, undefined])
  })

  it('asks today’s schemas nothing on the way back', () => {
    const backwards = { ...steps, direction: 'down' } as const
    expect(replacementOf(anyItem('new', { a: 'one' }), backwards)).toMatchObject({ to: [{ kind: 'old' }] })
  })
})

describe('lookAt', () => {
  it('counts what it saw and what would move, over every page', async () => {
    const table = tableOf([anyItem('old', { a: 1 }), anyItem('new', { a: 1 }), anyItem('old', { a: 2 })])
    expect(await lookAt(table, steps, 1)).toEqual({ seen: 3, moved: 2, unreadable: [], openRings: [] })
  })

  it('names records that no room owns, that cannot be read, and that are none', async () => {
    const strange = [{ key: { pk: 'X', sk: 'Y' }, because: 'no version' }]
    const { seen, unreadable } = await lookAt(tableOf([anyItem('other', {}), anyItem('old', {})], strange), steps, 1)
    expect([seen, unreadable.map(({ kind }) => kind)]).toEqual([3, ['unknown', 'other', 'new']])
  })

  it.each([
    ['open', { state: 'open' }, 1],
    ['closed', { state: 'closed' }, 0],
    ['unreadable, which may be open', { state: 1 }, 1],
  ])('counts a ring that is %s', async (_, value, count) => {
    expect((await lookAt(tableOf([anyItem('ring', value)]), steps, 1)).openRings).toHaveLength(count)
  })
})

describe('itemsOfReplacement', () => {
  it('counts the record that goes where its key goes too', () => {
    const from = anyItem('old', {})
    const moved = { ...from, key: { pk: 'P', sk: 'T' } }
    expect([itemsOfReplacement({ from, to: [from] }), itemsOfReplacement({ from, to: [moved] })]).toEqual([1, 2])
    expect(itemsOfReplacement({ from, to: [] })).toBe(1)
  })
})

describe('charactersOfReplacement', () => {
  it('counts what is written', () => {
    const from = anyItem('old', { a: 'long before' })
    expect(charactersOfReplacement({ from, to: [anyItem('new', { a: 1 }), anyItem('new', {})] })).toBe(7 + 2)
  })
})

describe('isKey', () => {
  it('needs both halves', () => {
    const key = { pk: 'a', sk: 'b' }
    expect([isKey(key, { ...key }), isKey(key, { pk: 'a', sk: 'c' }), isKey(key, { pk: 'c', sk: 'b' })]).toEqual([
      true,
      false,
      false,
    ])
  })
})

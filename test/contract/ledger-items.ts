/** What every reader of a whole table must do; run on the ledger in memory and on DynamoDB. */
import { expect, it } from 'vitest'
import type { EvidenceRecord, Ledger, RecordKey } from '../../functions/kit/ledger.ts'
import type { RawItem } from '../../functions/migrations/migration.ts'
import type { LedgerItems } from '../../functions/migrations/ports.ts'

const byKey = (left: RawItem, right: RawItem) => (left.key.pk < right.key.pk ? -1 : 1)
const leaf = (index: number): EvidenceRecord => ({
  leafId: `01J000000000ITEMS${String(index).padStart(9, '0')}`,
  at: '2026-01-01T00:00:00.000Z',
  type: 'note.written',
  account: '123456789012',
  changeId: 'none',
  actor: 'test',
  body: {},
})

/** `make` gives an empty table. */
export function ledgerItemsContract(make: () => Promise<{ ledger: Ledger; items: LedgerItems }>) {
  async function allOf(items: LedgerItems, limit: number): Promise<readonly RawItem[]> {
    const found: RawItem[] = []
    let after: RecordKey | undefined
    do {
      const page = await items.page(after, limit)
      expect(page.items.length).toBeLessThanOrEqual(limit)
      expect(page.strange).toEqual([])
      found.push(...page.items)
      after = page.next
    } while (after)
    return found.sort(byKey)
  }

  it('finds nothing in an empty table', async () => {
    const { items } = await make()
    expect(await allOf(items, 10)).toEqual([])
  })

  it('gives every record once, as it was written, whatever the size of a page, and no evidence', async () => {
    const { ledger, items } = await make()
    const written = Array.from({ length: 7 }, (_, index): RawItem => {
      const key = { pk: `ITEM#${index}`, sk: 'ITEM' }
      const text = index === 3 ? 'long and long '.repeat(5_000) : 'short'
      const more =
        index % 2 === 0 ? { list: { pk: 'ITEMS', sk: String(index) }, deleteAfterSeconds: 4_000_000_000 } : {}
      return { kind: `kind-${index}`, key, version: 1, value: { index, text, nothing: null }, ...more }
    })
    for (const [index, { version: _, ...item }] of written.entries())
      await ledger.commit({ moves: [{ ...item, from: 0 }], evidence: [leaf(index)] })
    for (const limit of [1, 3, 7, 100]) expect(await allOf(items, limit)).toEqual(written)
  })

  it('goes on after a record that is no longer there', async () => {
    const { ledger, items } = await make()
    const keys = Array.from({ length: 6 }, (_, index) => ({ pk: `GONE#${index}`, sk: 'ITEM' }))
    for (const [index, key] of keys.entries())
      await ledger.commit({ moves: [{ kind: 'note', key, from: 0, value: {} }], evidence: [leaf(100 + index)] })
    const first = await items.page(undefined, 2)
    if (!first.next) throw new Error('two of six are not all')
    await ledger.commit({ moves: [], drops: [{ key: first.next, from: 1 }], evidence: [leaf(200)] })
    const rest: RawItem[] = []
    for (let after: RecordKey | undefined = first.next; after; ) {
      const page = await items.page(after, 2)
      rest.push(...page.items)
      after = page.next
    }
    const seen = [...first.items, ...rest].map(({ key }) => key.pk).filter((pk) => pk.startsWith('GONE#'))
    expect(seen.sort()).toEqual(keys.map(({ pk }) => pk))
  })
}

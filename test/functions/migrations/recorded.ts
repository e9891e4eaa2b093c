/** Records as an older Drydock wrote them, in a ledger in memory. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import type { RawItem } from '../../../functions/migrations/migration.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'

const Key = z.strictObject({ pk: z.string(), sk: z.string() })
const Item = z.strictObject({
  kind: z.string(),
  key: Key,
  version: z.number(),
  value: z.json(),
  list: Key.exactOptional(),
  deleteAfterSeconds: z.number().exactOptional(),
})
const Recorded = z.strictObject({ _source: z.string(), items: z.array(Item) })

/** At least one record of each kind that commit 2b610ab wrote. */
export const recorded: readonly RawItem[] = Recorded.parse(
  JSON.parse(readFileSync('test/fixtures/ledger-2b610ab.json', 'utf8')),
).items

/** A ledger that holds these records, each at version 1. */
export async function ledgerOf(items: readonly RawItem[]) {
  const ledger = memoryLedger()
  for (const [index, { kind, key, value, list, deleteAfterSeconds }] of items.entries())
    await ledger.commit({
      moves: [
        {
          kind,
          key,
          from: 0,
          value,
          ...(list ? { list } : {}),
          ...(deleteAfterSeconds === undefined ? {} : { deleteAfterSeconds }),
        },
      ],
      evidence: [
        { leafId: `0seed${index}`, at: '', type: 'test.seeded', account: '', changeId: 'none', actor: '', body: {} },
      ],
    })
  return ledger
}

/** Every record of a ledger in memory, by key. */
export async function itemsOf(ledger: ReturnType<typeof memoryLedger>): Promise<readonly RawItem[]> {
  return (await ledger.items.page(undefined, Number.POSITIVE_INFINITY)).items
}

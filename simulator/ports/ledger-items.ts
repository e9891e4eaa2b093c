/** Every record of a ledger in memory, in order of key, by pages as a scan of DynamoDB has them. */
import { byTextOf } from '../../functions/kit/by-text.ts'
import type { RecordKey } from '../../functions/kit/ledger.ts'
import type { LedgerItems } from '../../functions/migrations/index.ts'
import type { Item } from './ledger.ts'

const nameOf = ({ pk, sk }: RecordKey) => `${pk}\u0000${sk}`

/** Reads the map as it is when a page is asked for. */
export function memoryLedgerItems(items: ReadonlyMap<string, Item>): LedgerItems {
  return {
    async page(after, limit) {
      const ordered = [...items.values()].sort(byTextOf(({ key }) => nameOf(key)))
      const rest = after === undefined ? ordered : ordered.filter(({ key }) => nameOf(key) > nameOf(after))
      const page = rest.slice(0, limit)
      const last = page.at(-1)
      return {
        items: page.map(({ text, ...item }) => ({ ...item, value: JSON.parse(text) })),
        strange: [],
        ...(last && rest.length > page.length ? { next: last.key } : {}),
      }
    },
  }
}

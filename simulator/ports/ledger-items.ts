/** Every record of a ledger in memory, in order of key, by pages as a scan of DynamoDB has them. */
import type { Item as StoredItem } from '../../functions/aws/stored-items.ts'
import { byTextOf } from '../../functions/kit/by-text.ts'
import type { Json } from '../../functions/kit/json.ts'
import type { RecordKey } from '../../functions/kit/ledger.ts'
import type { LedgerItems } from '../../functions/migrations/index.ts'

/** A record as the ledger in memory keeps it. */
export interface Item {
  readonly key: RecordKey
  readonly kind: string
  readonly version: number
  /** As canonical JSON would give it back; frozen. */
  readonly value: Json
  readonly list?: { readonly pk: string; readonly sk: string }
  readonly deleteAfterSeconds?: number
  /** As DynamoDB would store it. */
  readonly asStored: StoredItem
  /** What each schema made of the value: parsed once a version, and frozen, for all readers share it. */
  readonly parsed: Map<unknown, unknown>
}

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
        items: page.map(({ parsed: _parsed, asStored: _asStored, ...item }) => item),
        strange: [],
        ...(last && rest.length > page.length ? { next: last.key } : {}),
      }
    },
  }
}

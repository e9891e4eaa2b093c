/** What migrations need besides the ledger: every record, whatever its shape. */
import type { RecordKey } from '../kit/ledger.ts'
import type { RawItem } from './migration.ts'

/** An item that does not have the form of a ledger record. */
export interface StrangeItem {
  readonly key: RecordKey
  readonly because: string
}

/** One page of a table scan. */
export interface ItemsPage {
  readonly items: readonly RawItem[]
  readonly strange: readonly StrangeItem[]
  /** Where the next page begins; absent on the last. */
  readonly next?: RecordKey
}

/** Reads the whole table in pages, except evidence waiting in the outbox. */
export interface LedgerItems {
  /** Strongly consistent. Records written during a scan may be missed; earlier ones are returned once. */
  page(after: RecordKey | undefined, limit: number): Promise<ItemsPage>
}

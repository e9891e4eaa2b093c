/** What migrations need of the table beside the ledger: every record, whatever its shape. */
import type { RecordKey } from '../kit/ledger.ts'
import type { RawItem } from './migration.ts'

/** An item of the table that is no record of the ledger's form. */
export interface StrangeItem {
  readonly key: RecordKey
  readonly because: string
}

export interface ItemsPage {
  readonly items: readonly RawItem[]
  readonly strange: readonly StrangeItem[]
  /** Where the next page begins; absent: this was the last. */
  readonly next?: RecordKey
}

/** Reads the whole table in pages; evidence that waits in the outbox is no record, and is left out. */
export interface LedgerItems {
  /** Strongly consistent. What is written during a scan may be met or not; what stood before it is met once. */
  page(after: RecordKey | undefined, limit: number): Promise<ItemsPage>
}

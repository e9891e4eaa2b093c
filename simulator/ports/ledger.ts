/** The ledger in memory: the same rules as DynamoDB's, held to them by test/contract/ledger.ts. */
import { type Objects, wholeValue, withHeaders } from '../../functions/aws/object-values.ts'
import { type Item as StoredItem, type StoredItems, storedItems } from '../../functions/aws/stored-items.ts'
import { byText } from '../../functions/kit/by-text.ts'
import { filedRecords } from '../../functions/kit/filed-records.ts'
import type {
  CommitResult,
  EvidenceRecord,
  Ledger,
  Move,
  RecordKey,
  RecordKind,
  Stored,
  Transaction,
} from '../../functions/kit/ledger.ts'
import { checkTransaction } from '../../functions/kit/transaction.ts'
import { type CapacityMeter, capacityMeter } from './capacity.ts'
import { memoryEvidenceStore } from './evidence-store.ts'
import { frozen, jsonCopy } from './frozen.ts'
import { type Item, memoryLedgerItems } from './ledger-items.ts'

const nameOf = (key: RecordKey) => `${key.pk}\u0000${key.sk}`

/** Items by a partition and a name in it. */
class Partitions {
  private readonly partitions = new Map<string, Map<string, Item>>()

  of(pk: string): readonly Item[] {
    return [...(this.partitions.get(pk)?.values() ?? [])]
  }

  set(pk: string, item: Item) {
    const partition = this.partitions.get(pk)
    if (partition) partition.set(nameOf(item.key), item)
    else this.partitions.set(pk, new Map([[nameOf(item.key), item]]))
  }

  delete(pk: string, key: RecordKey) {
    this.partitions.get(pk)?.delete(nameOf(key))
  }
}

async function stored<T>({ schema }: RecordKind<T>, item: Item, objects: Objects): Promise<Stored<T>> {
  const known = item.parsed.get(schema)
  // A schema makes the same value of the same version; its own type says what that is.
  const value = isParsedBy<T>(known)
    ? known.value
    : frozen(schema.parse(await wholeValue(item.kind, item.key, item.value, objects)))
  if (known === undefined) item.parsed.set(schema, { value })
  return { key: item.key, version: item.version, value }
}

/** Whether a value is what `stored` keeps for a schema. */
const isParsedBy = <T>(known: unknown): known is { readonly value: T } => known !== undefined

type PageOptions = NonNullable<Parameters<Ledger['list']>[2]>
type QueryOptions = NonNullable<Parameters<Ledger['query']>[3]>

/** One page of a list, in its order. */
function pageOf(items: readonly Item[], { newestFirst = false, after, limit }: PageOptions): readonly Item[] {
  const skOf = ({ list }: Item) => list?.sk ?? ''
  const rows = items.toSorted((left, right) => byText(skOf(left), skOf(right)))
  if (newestFirst) rows.reverse()
  const beyond = rows.filter((item) =>
    after === undefined ? true : newestFirst ? skOf(item) < after : skOf(item) > after,
  )
  return beyond.slice(0, limit ?? beyond.length)
}

/** The records by key, by partition and by list. */
class Records {
  readonly items = new Map<string, Item>()
  readonly partitions = new Partitions()
  readonly lists = new Partitions()

  of(key: RecordKey): Item | undefined {
    return this.items.get(nameOf(key))
  }

  versionOf(key: RecordKey): number {
    return this.of(key)?.version ?? 0
  }

  remove(key: RecordKey) {
    const item = this.of(key)
    this.items.delete(nameOf(key))
    this.partitions.delete(key.pk, key)
    if (item?.list) this.lists.delete(item.list.pk, key)
  }

  put({ key, kind, from, value, list, deleteAfterSeconds }: Move, asStored: StoredItem) {
    this.remove(key)
    const item: Item = {
      key,
      kind,
      version: from + 1,
      value: jsonCopy(value),
      asStored,
      parsed: new Map(),
      ...(list ? { list } : {}),
      ...(deleteAfterSeconds === undefined ? {} : { deleteAfterSeconds }),
    }
    this.items.set(nameOf(key), item)
    this.partitions.set(key.pk, item)
    if (list) this.lists.set(list.pk, item)
  }
}

function conflictOf(transaction: Transaction, records: Records): RecordKey | undefined {
  const expected = [...transaction.moves, ...(transaction.drops ?? []), ...(transaction.checks ?? [])]
  return expected.find((entry) => records.versionOf(entry.key) !== entry.from)?.key
}

/** What a transaction writes; a check takes as much as a write. */
function writtenBy({ moves, drops = [], checks = [], evidence }: Transaction, stored: StoredItems, records: Records) {
  const gone = (key: RecordKey) => ({ kind: records.of(key)?.kind ?? 'none', before: records.of(key)?.asStored })
  return [
    ...moves.map(({ kind, key }, index) => ({ kind, before: records.of(key)?.asStored, after: stored.records[index] })),
    ...drops.map(({ key }) => ({ ...gone(key), after: undefined })),
    ...checks.map(({ key }) => ({ ...gone(key), after: records.of(key)?.asStored })),
    ...evidence.map((_, index) => ({ kind: 'outbox', before: undefined, after: stored.outbox[index] })),
  ]
}

interface Waiting {
  readonly record: EvidenceRecord
  readonly asStored: StoredItem
}

/** What reads and moves records; every call is counted by the meter. */
function ledgerOf(records: Records, outbox: Map<string, Waiting>, meter: CapacityMeter, objects: Objects): Ledger {
  const storedOf = (found: readonly Item[]) => found.map(({ asStored }) => asStored)
  return {
    async read<T>(kind: RecordKind<T>, key: RecordKey) {
      const item = records.of(key)
      meter.read(key.pk, storedOf(item ? [item] : []))
      return item && stored(kind, item, objects)
    },
    async query<T>(kind: RecordKind<T>, pk: string, skPrefix: string, { limit, after = '' }: QueryOptions = {}) {
      const found = records.partitions.of(pk).filter(({ key }) => key.sk.startsWith(skPrefix) && key.sk > after)
      const page = found.sort((left, right) => byText(left.key.sk, right.key.sk)).slice(0, limit)
      meter.read(pk, storedOf(page))
      return Promise.all(page.map((item) => stored(kind, item, objects)))
    },
    async list<T>(kind: RecordKind<T>, listPk: string, options: PageOptions = {}) {
      const page = pageOf(records.lists.of(listPk), options)
      meter.read(`list ${listPk}`, storedOf(page), false)
      return Promise.all(
        page.map(async (item) => ({
          ...(await stored(kind, item, objects)),
          ...(item.list ? { listSk: item.list.sk } : {}),
        })),
      )
    },
    async commit(asked: Transaction): Promise<CommitResult> {
      checkTransaction(asked)
      const transaction = await withHeaders(asked, objects)
      const asStored = storedItems(transaction)
      const conflict = conflictOf(transaction, records)
      if (conflict) return { conflict }
      meter.write(writtenBy(transaction, asStored, records))
      for (const [index, move] of transaction.moves.entries()) records.put(move, asStored.records[index] ?? {})
      for (const drop of transaction.drops ?? []) records.remove(drop.key)
      for (const [index, one] of filedRecords(transaction).entries())
        outbox.set(one.leafId, { record: frozen(structuredClone(one)), asStored: asStored.outbox[index] ?? {} })
      return { committed: true }
    },
  }
}

/**
 * A ledger that lives as long as the process, and refuses what DynamoDB refuses. `outbox()` is what waits to be filed,
 * oldest first; `meter` counts what all of it takes.
 */
export function memoryLedger(meter: CapacityMeter = capacityMeter(), objects: Objects = memoryEvidenceStore()) {
  const records = new Records()
  const outbox = new Map<string, Waiting>()
  return {
    ...ledgerOf(records, outbox, meter, objects),
    meter,
    items: memoryLedgerItems(records.items),
    outbox: (): readonly EvidenceRecord[] =>
      [...outbox.values()].map(({ record }) => record).sort((left, right) => byText(left.leafId, right.leafId)),
    /** Whether anything of a change waits to be filed. */
    hasUnfiled: (changeId: string) => outbox.values().some(({ record }) => record.changeId === changeId),
    removeFromOutbox: (leafIds: readonly string[]) => {
      for (const leafId of leafIds) {
        const waiting = outbox.get(leafId)
        if (waiting) meter.writeAlone('outbox, deleted', waiting.asStored)
        outbox.delete(leafId)
      }
    },
  }
}

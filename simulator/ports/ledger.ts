/** The ledger in memory: the same rules as DynamoDB's, held to them by test/contract/ledger.ts. */
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

function stored<T>({ schema }: RecordKind<T>, item: Item): Stored<T> {
  const known = item.parsed.get(schema)
  // A schema makes the same value of the same version; its own type says what that is.
  const value = isParsedBy<T>(known) ? known.value : frozen(schema.parse(item.value))
  if (known === undefined) item.parsed.set(schema, { value })
  return { key: item.key, version: item.version, value }
}

/** Whether a value is what `stored` keeps for a schema. */
const isParsedBy = <T>(known: unknown): known is { readonly value: T } => known !== undefined

type PageOptions = NonNullable<Parameters<Ledger['list']>[2]>

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

/** A ledger that lives as long as the process. `outbox()` is what waits to be filed, oldest first. */
export function memoryLedger() {
  const items = new Map<string, Item>()
  const partitions = new Partitions()
  const lists = new Partitions()
  const outbox = new Map<string, EvidenceRecord>()
  const versionOf = (key: RecordKey) => items.get(nameOf(key))?.version ?? 0

  function conflictOf(transaction: Transaction): RecordKey | undefined {
    const expected = [...transaction.moves, ...(transaction.drops ?? []), ...(transaction.checks ?? [])]
    return expected.find((entry) => versionOf(entry.key) !== entry.from)?.key
  }

  function remove(key: RecordKey) {
    const item = items.get(nameOf(key))
    items.delete(nameOf(key))
    partitions.delete(key.pk, key)
    if (item?.list) lists.delete(item.list.pk, key)
  }

  function put({ key, kind, from, value, list, deleteAfterSeconds }: Move) {
    remove(key)
    const item: Item = {
      key,
      kind,
      version: from + 1,
      value: jsonCopy(value),
      parsed: new Map(),
      ...(list ? { list } : {}),
      ...(deleteAfterSeconds === undefined ? {} : { deleteAfterSeconds }),
    }
    items.set(nameOf(key), item)
    partitions.set(key.pk, item)
    if (list) lists.set(list.pk, item)
  }

  const ledger: Ledger = {
    async read<T>(kind: RecordKind<T>, key: RecordKey) {
      const item = items.get(nameOf(key))
      return item && stored(kind, item)
    },
    async query<T>(kind: RecordKind<T>, pk: string, skPrefix: string) {
      return partitions
        .of(pk)
        .filter((item) => item.key.sk.startsWith(skPrefix))
        .sort((left, right) => byText(left.key.sk, right.key.sk))
        .map((item) => stored(kind, item))
    },
    async list<T>(kind: RecordKind<T>, listPk: string, options: PageOptions = {}) {
      return pageOf(lists.of(listPk), options).map((item) => ({
        ...stored(kind, item),
        ...(item.list ? { listSk: item.list.sk } : {}),
      }))
    },
    async commit(transaction: Transaction): Promise<CommitResult> {
      checkTransaction(transaction)
      const conflict = conflictOf(transaction)
      if (conflict) return { conflict }
      const records = filedRecords(transaction).map((record) => frozen(structuredClone(record)))
      for (const move of transaction.moves) put(move)
      for (const drop of transaction.drops ?? []) remove(drop.key)
      for (const record of records) outbox.set(record.leafId, record)
      return { committed: true }
    },
  }

  return {
    ...ledger,
    items: memoryLedgerItems(items),
    outbox: (): readonly EvidenceRecord[] =>
      [...outbox.values()].sort((left, right) => byText(left.leafId, right.leafId)),
    /** Whether anything of a change waits to be filed. */
    hasUnfiled: (changeId: string) => outbox.values().some((record) => record.changeId === changeId),
    removeFromOutbox: (leafIds: readonly string[]) => {
      for (const leafId of leafIds) outbox.delete(leafId)
    },
  }
}

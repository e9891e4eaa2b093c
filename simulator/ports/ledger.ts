/** The ledger in memory: the same rules as DynamoDB's, held to them by test/contract/ledger.ts. */
import { canonicalJson } from '../../functions/kit/json.ts'
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
import { memoryLedgerItems } from './ledger-items.ts'

/** A record as the ledger in memory keeps it; its value as canonical JSON. */
export interface Item {
  readonly key: RecordKey
  readonly kind: string
  readonly version: number
  readonly text: string
  readonly list?: { readonly pk: string; readonly sk: string }
  readonly deleteAfterSeconds?: number
}

const nameOf = (key: RecordKey) => `${key.pk}\u0000${key.sk}`
const byText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)

/** A ledger that lives as long as the process. `outbox()` is what waits to be filed, oldest first. */
export function memoryLedger() {
  const items = new Map<string, Item>()
  const outbox = new Map<string, EvidenceRecord>()
  const versionOf = (key: RecordKey) => items.get(nameOf(key))?.version ?? 0

  function stored<T>(kind: RecordKind<T>, item: Item): Stored<T> {
    return { key: item.key, version: item.version, value: kind.schema.parse(JSON.parse(item.text)) }
  }

  function conflictOf(transaction: Transaction): RecordKey | undefined {
    const expected = [...transaction.moves, ...(transaction.drops ?? []), ...(transaction.checks ?? [])]
    return expected.find((entry) => versionOf(entry.key) !== entry.from)?.key
  }

  function put(move: Move) {
    items.set(nameOf(move.key), {
      key: move.key,
      kind: move.kind,
      version: move.from + 1,
      text: canonicalJson(move.value),
      ...(move.list ? { list: move.list } : {}),
      ...(move.deleteAfterSeconds === undefined ? {} : { deleteAfterSeconds: move.deleteAfterSeconds }),
    })
  }

  const ledger: Ledger = {
    async read<T>(kind: RecordKind<T>, key: RecordKey) {
      const item = items.get(nameOf(key))
      return item && stored(kind, item)
    },
    async query<T>(kind: RecordKind<T>, pk: string, skPrefix: string) {
      return [...items.values()]
        .filter((item) => item.key.pk === pk && item.key.sk.startsWith(skPrefix))
        .sort((left, right) => byText(left.key.sk, right.key.sk))
        .map((item) => stored(kind, item))
    },
    async list<T>(
      kind: RecordKind<T>,
      listPk: string,
      options?: { readonly newestFirst?: boolean; readonly limit?: number; readonly after?: string },
    ) {
      const rows = [...items.values()]
        .filter((item) => item.list?.pk === listPk)
        .sort((left, right) => byText(left.list?.sk ?? '', right.list?.sk ?? ''))
      if (options?.newestFirst) rows.reverse()
      const { after, newestFirst } = options ?? {}
      const beyond = rows.filter(({ list }) =>
        after === undefined ? true : newestFirst ? (list?.sk ?? '') < after : (list?.sk ?? '') > after,
      )
      return beyond
        .slice(0, options?.limit ?? beyond.length)
        .map((item) => ({ ...stored(kind, item), ...(item.list ? { listSk: item.list.sk } : {}) }))
    },
    async commit(transaction: Transaction): Promise<CommitResult> {
      checkTransaction(transaction)
      const conflict = conflictOf(transaction)
      if (conflict) return { conflict }
      for (const move of transaction.moves) put(move)
      for (const drop of transaction.drops ?? []) items.delete(nameOf(drop.key))
      for (const record of transaction.evidence) outbox.set(record.leafId, record)
      return { committed: true }
    },
  }

  return {
    ...ledger,
    items: memoryLedgerItems(items),
    outbox: (): readonly EvidenceRecord[] =>
      [...outbox.values()].sort((left, right) => byText(left.leafId, right.leafId)),
    removeFromOutbox: (leafIds: readonly string[]) => {
      for (const leafId of leafIds) outbox.delete(leafId)
    },
  }
}

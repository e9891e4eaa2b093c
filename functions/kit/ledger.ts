/** The ledger port: versioned records that move by conditional transactions, which also write the evidence outbox. */
import type * as z from 'zod'
import type { Json } from './json.ts'

/** The key of a record: partition and sort key of the one table. */
export interface RecordKey {
  readonly pk: string
  readonly sk: string
}

/** A kind of record: its name in evidence and logs, and the schema that every read applies. */
export interface RecordKind<T> {
  readonly kind: string
  readonly schema: z.ZodType<T>
}

export interface Stored<T> {
  readonly key: RecordKey
  /** 1 when first written, incremented with each move. */
  readonly version: number
  readonly value: T
  /** Its position in its list, for the next page; set only by `list`. */
  readonly listSk?: string
}

/** One record moving from version `from` (0: must not exist yet) to `from + 1`. */
export interface Move {
  readonly kind: string
  readonly key: RecordKey
  readonly from: number
  readonly value: Json
  /** The record's list; a record is in at most one. */
  readonly list?: { readonly pk: string; readonly sk: string }
  /** Epoch seconds after which DynamoDB may delete the item. Never read as truth. */
  readonly deleteAfterSeconds?: number
}

/** The evidence of a transition. The archiver files it as one leaf of the log. */
export interface EvidenceRecord {
  /** ULID, unique for the transition. */
  readonly leafId: string
  /** ISO 8601 UTC instant. */
  readonly at: string
  /** `<room>.<past participle>`, e.g. `change.planned`. */
  readonly type: string
  readonly account: string
  /** ULID of the change, or `none` where no change exists yet. */
  readonly changeId: string
  /** Who or what moved it: a person's id or `drydock`. */
  readonly actor: string
  readonly body: Json
  /** This transition ends its change: the archiver counts the change's leaves with it. */
  readonly closes?: true
  /**
   * The moves that this leaf stands for, as key, version before and version after (0: deleted); added on commit. A
   * key of the leaf's own change has no change id.
   */
  readonly versions?: readonly (readonly [key: string, from: number, to: number])[]
}

export interface Transaction {
  readonly moves: readonly Move[]
  /** Records to delete, at the version read. */
  readonly drops?: readonly { readonly key: RecordKey; readonly from: number }[]
  /** Records that must still be at the version read (0: must not exist), and stay unchanged. */
  readonly checks?: readonly { readonly key: RecordKey; readonly from: number }[]
  readonly evidence: readonly [EvidenceRecord, ...EvidenceRecord[]]
}

export type CommitResult = { readonly committed: true } | { readonly conflict: RecordKey }

/**
 * DynamoDB's TransactWriteItems limit,
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const transactionItemsMax = 100

/**
 * One implementation by DynamoDB (functions/aws), one in memory (local/ports); test/contract/ledger.ts holds both to
 * the same behaviour.
 */
export interface Ledger {
  /** A strongly consistent read. */
  read<T>(kind: RecordKind<T>, key: RecordKey): Promise<Stored<T> | undefined>
  /**
   * The records of a partition whose sort key starts with `skPrefix`, in key order, strongly consistent: all, or up to a
   * limit those after a sort key.
   */
  query<T>(
    kind: RecordKind<T>,
    pk: string,
    skPrefix: string,
    options?: { readonly limit?: number; readonly after?: string },
  ): Promise<Stored<T>[]>
  /** The records of a list in `list.sk` order, those after `after` if given; eventually consistent. */
  list<T>(
    kind: RecordKind<T>,
    listPk: string,
    options?: { readonly newestFirst?: boolean; readonly limit?: number; readonly after?: string },
  ): Promise<Stored<T>[]>
  /** All or nothing. A conflict names the first record that was not at the version expected; nothing was written. */
  commit(transaction: Transaction): Promise<CommitResult>
}

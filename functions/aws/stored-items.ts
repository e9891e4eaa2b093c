/** The items of a transaction exactly as DynamoDB stores them, and the sizes that it counts. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { DrydockError } from '../kit/errors.ts'
import { filedRecords } from '../kit/filed-records.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Move, RecordKey, Transaction } from '../kit/ledger.ts'
import { packedValue } from './value.ts'

export type Item = Record<string, AttributeValue>

/**
 * DynamoDB's limits in bytes: of an item with its attribute names, and of all items of a transaction,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const itemBytesMax = 400 * 1024
const transactionBytesMax = 4 * 1024 * 1024

export const keyOf = (key: RecordKey) => ({ pk: { S: key.pk }, sk: { S: key.sk } })

/** A record as an item. */
export function recordItem(move: Move): Item {
  return {
    ...keyOf(move.key),
    kind: { S: move.kind },
    version: { N: String(move.from + 1) },
    value: packedValue(canonicalJson(move.value)),
    ...(move.list ? { listPk: { S: move.list.pk }, listSk: { S: move.list.sk } } : {}),
    ...(move.deleteAfterSeconds === undefined ? {} : { deleteAfter: { N: String(move.deleteAfterSeconds) } }),
  }
}

/** The evidence of a transition as it waits for the archiver; its change beside it, for who asks what waits of a change. */
export const outboxItem = (record: EvidenceRecord): Item => ({
  ...keyOf(keys.outbox(record.leafId)),
  kind: { S: 'outbox' },
  changeId: { S: record.changeId },
  record: packedValue(canonicalJson(record)),
})

/** Bytes of an attribute: a number takes about half a byte a digit, and one more. */
function attributeBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.B !== undefined) return value.B.byteLength
  return Math.ceil((value.N ?? '').length / 2) + 1
}

/**
 * Bytes of an item, names included,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + attributeBytes(value), 0)

/** What a transaction puts: its records and its outbox items, in order. */
export interface StoredItems {
  readonly records: readonly Item[]
  readonly outbox: readonly Item[]
}

/**
 * The items of a transaction.
 *
 * @throws DrydockError DD1009 for an item over 400 KB, DD1003 for a transaction over 4 MB.
 */
export function storedItems(transaction: Pick<Transaction, 'moves' | 'drops' | 'evidence'>): StoredItems {
  const [records, outbox] = [transaction.moves.map(recordItem), filedRecords(transaction).map(outboxItem)]
  const sizes = [...records, ...outbox].map((item) => ({ item, bytes: itemBytes(item) }))
  const large = sizes.find(({ bytes }) => bytes > itemBytesMax)
  if (large)
    throw new DrydockError(
      'DD1009',
      `record ${large.item.pk?.S} / ${large.item.sk?.S} has ${large.bytes} bytes as stored; DynamoDB takes at most ${itemBytesMax}`,
    )
  const whole = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  if (whole > transactionBytesMax)
    throw new DrydockError('DD1003', `a transaction of ${whole} bytes; DynamoDB takes ${transactionBytesMax}: split it`)
  return { records, outbox }
}

/** What the table's one index holds of an item; undefined for one that is in no list. */
export const indexItem = (item: Item | undefined): Item | undefined => (item?.listPk ? item : undefined)

/** Values of records that are kept as objects: written before the transaction that names them, checked whenever read. */
import type { EvidenceStore } from '../evidence/ports.ts'
import { DrydockError } from '../kit/errors.ts'
import { canonicalJson, type Json } from '../kit/json.ts'
import type { Move, RecordKey, Transaction } from '../kit/ledger.ts'
import { ObjectHeader, objectKinds, objectPath } from '../kit/object-header.ts'
import { sha256 } from './node-crypto.ts'

/** Write-once objects: the evidence bucket's. */
export type Objects = Pick<EvidenceStore, 'create' | 'read'>

/** Where no object may be written or read. */
export const noObjects: Objects = {
  create: async (path) => refuse(path, 'this function may write no objects'),
  read: async (path) => refuse(path, 'this function may read no objects'),
}

/** The transaction with a header for each value that is kept as an object, which is written first. */
export async function withHeaders(transaction: Transaction, objects: Objects): Promise<Transaction> {
  if (!transaction.moves.some(({ kind }) => objectKinds.has(kind))) return transaction
  const moves: Move[] = []
  for (const move of transaction.moves) moves.push(await withHeader(move, objects))
  return { ...transaction, moves }
}

async function withHeader(move: Move, objects: Objects): Promise<Move> {
  if (!objectKinds.has(move.kind) || ObjectHeader.safeParse(move.value).success) return move
  const bytes = Buffer.from(canonicalJson(move.value))
  const hash = sha256.hex(bytes)
  // One that stands there already has the same name, so the same bytes; whoever reads it checks.
  await objects.create(objectPath(hash), bytes)
  const header: ObjectHeader = { object: objectPath(hash), sha256: hash, bytes: bytes.length }
  return { ...move, value: header }
}

/**
 * The value of a record: the item's own, or the object that its header names.
 *
 * @throws DrydockError DD1011 when the object is missing, or its bytes are not those of its hash.
 */
export async function wholeValue(kind: string, key: RecordKey, value: Json, objects: Objects): Promise<Json> {
  const header = objectKinds.has(kind) ? ObjectHeader.safeParse(value).data : undefined
  // A plan of before objects stands in its item.
  if (!header) return value
  const bytes = await objects.read(header.object)
  const found = bytes && sha256.hex(bytes)
  if (found !== header.sha256)
    return refuse(
      header.object,
      `record ${key.pk} / ${key.sk} names SHA-256 ${header.sha256}, found ${found ?? 'no such object'}`,
    )
  return JSON.parse(Buffer.from(bytes ?? []).toString())
}

function refuse(path: string, because: string): never {
  throw new DrydockError('DD1011', `object ${path}: ${because}`)
}

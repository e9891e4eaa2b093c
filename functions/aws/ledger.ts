/** The ledger by DynamoDB: one table, every commit one TransactWriteItems with a condition on each version. */
import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import { DrydockError } from '../kit/errors.ts'
import type { CommitResult, Ledger, RecordKey, RecordKind, Stored, Transaction } from '../kit/ledger.ts'
import { checkTransaction } from '../kit/transaction.ts'
import { noObjects, type Objects, wholeValue, withHeaders } from './object-values.ts'
import { clientSettings } from './runtime.ts'
import { type Item, keyOf, storedItems } from './stored-items.ts'
import { storedText, Value } from './value.ts'

const Row = z.object({
  pk: z.object({ S: z.string() }),
  sk: z.object({ S: z.string() }),
  version: z.object({ N: z.string() }),
  value: Value,
})

async function stored<T>(kind: RecordKind<T>, item: Item, objects: Objects): Promise<Stored<T>> {
  const row = Row.parse(item)
  const key = { pk: row.pk.S, sk: row.sk.S }
  const parsed = kind.schema.safeParse(await wholeValue(kind.kind, key, JSON.parse(storedText(row.value)), objects))
  if (!parsed.success) {
    throw new DrydockError(
      'DD1004',
      `record ${row.pk.S} / ${row.sk.S} is not a valid ${kind.kind}: ${z.prettifyError(parsed.error)}`,
    )
  }
  return { key, version: Number(row.version.N), value: parsed.data }
}

const unchanged = (from: number) =>
  from === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: '#version = :from',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':from': { N: String(from) } },
      }

/** The ledger on one table, with what is too long for an item beside it. */
export function dynamoLedger(
  table: string,
  client = new DynamoDBClient(clientSettings),
  objects: Objects = noObjects,
): Ledger {
  async function queryAll(input: Omit<QueryCommandInput, 'TableName'>, limit: number): Promise<Item[]> {
    const items: Item[] = []
    let start = input.ExclusiveStartKey
    do {
      const page = await client.send(
        new QueryCommand({ TableName: table, ...input, ...(start ? { ExclusiveStartKey: start } : {}) }),
      )
      items.push(...(page.Items ?? []))
      start = page.LastEvaluatedKey
    } while (start && items.length < limit)
    return items.slice(0, limit)
  }

  async function commit(transaction: Transaction): Promise<CommitResult> {
    checkTransaction(transaction)
    const { moves, drops = [], checks = [] } = transaction
    const named = [...moves, ...drops, ...checks]
    const { records, outbox } = storedItems(await withHeaders(transaction, objects))
    try {
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            ...records.map((Item, index) => ({
              Put: { TableName: table, Item, ...unchanged(moves[index]?.from ?? 0) },
            })),
            ...drops.map((drop) => ({ Delete: { TableName: table, Key: keyOf(drop.key), ...unchanged(drop.from) } })),
            ...checks.map((check) => ({
              ConditionCheck: { TableName: table, Key: keyOf(check.key), ...unchanged(check.from) },
            })),
            ...outbox.map((Item) => ({
              Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' },
            })),
          ],
        }),
      )
      return { committed: true }
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error
      return conflictOf(error, named)
    }
  }

  return {
    async read(kind, key) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }),
      )
      return Item && stored(kind, Item, objects)
    },
    async query(kind, pk, skPrefix, { limit, after } = {}) {
      const items = await queryAll(
        {
          KeyConditionExpression: skPrefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': { S: pk }, ...(skPrefix === '' ? {} : { ':sk': { S: skPrefix } }) },
          ConsistentRead: true,
          ...(limit === undefined ? {} : { Limit: limit }),
          ...(after === undefined ? {} : { ExclusiveStartKey: keyOf({ pk, sk: after }) }),
        },
        limit ?? Number.POSITIVE_INFINITY,
      )
      return Promise.all(items.map((item) => stored(kind, item, objects)))
    },
    async list(kind, listPk, options) {
      const after = options?.after
      const items = await queryAll(
        {
          IndexName: 'list',
          KeyConditionExpression: `listPk = :pk${after === undefined ? '' : ` AND listSk ${options?.newestFirst ? '<' : '>'} :after`}`,
          ExpressionAttributeValues: {
            ':pk': { S: listPk },
            ...(after === undefined ? {} : { ':after': { S: after } }),
          },
          ScanIndexForward: !options?.newestFirst,
          ...(options?.limit === undefined ? {} : { Limit: options.limit }),
        },
        options?.limit ?? Number.POSITIVE_INFINITY,
      )
      return Promise.all(
        items.map(async (item) => ({
          ...(await stored(kind, item, objects)),
          ...(item.listSk?.S ? { listSk: item.listSk.S } : {}),
        })),
      )
    },
    commit,
  }
}

/**
 * The first record whose condition failed.
 *
 * A transaction cancelled for another reason (such as throttling) is a fault to retry, not a conflict, unless DynamoDB
 * says TransactionConflict: another writer holds the item, and re-reading is the answer.
 */
function conflictOf(error: TransactionCanceledException, named: readonly { readonly key: RecordKey }[]): CommitResult {
  const reasons = error.CancellationReasons ?? []
  const index = reasons.findIndex(
    (reason) => reason.Code === 'ConditionalCheckFailed' || reason.Code === 'TransactionConflict',
  )
  const entry = named[index]
  if (entry) return { conflict: entry.key }
  const codes = reasons.map((reason) => reason.Code ?? 'None').join(', ')
  throw new DrydockError('DD1005', `DynamoDB cancelled a transaction: ${codes}`, { cause: error })
}

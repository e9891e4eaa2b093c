/** Every record of the ledger's table as stored, by a DynamoDB scan. */
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import { isOutbox } from '../kit/keys.ts'
import type { RecordKey } from '../kit/ledger.ts'
import type { RawItem } from '../migrations/index.ts'
import type { LedgerItems, StrangeItem } from '../migrations/ports.ts'
import { clientSettings } from './runtime.ts'
import { storedText, Value } from './value.ts'

const Text = z.object({ S: z.string() })
const Key = z.object({ pk: Text, sk: Text })
const Row = Key.extend({
  kind: Text,
  version: z.object({ N: z.string() }),
  value: Value,
  listPk: Text.optional(),
  listSk: Text.optional(),
  deleteAfter: z.object({ N: z.string() }).optional(),
})

type Item = Record<string, AttributeValue>

/** The items of one table. */
export function dynamoLedgerItems(table: string, client = new DynamoDBClient(clientSettings)): LedgerItems {
  return {
    async page(after, limit) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: table,
          ConsistentRead: true,
          Limit: limit,
          ...(after ? { ExclusiveStartKey: { pk: { S: after.pk }, sk: { S: after.sk } } } : {}),
        }),
      )
      const rows = Items.filter(({ pk }) => !isOutbox(pk?.S ?? '')).map(rowOf)
      return {
        items: rows.flatMap((row) => ('kind' in row ? [row] : [])),
        strange: rows.flatMap((row) => ('because' in row ? [row] : [])),
        ...(LastEvaluatedKey ? { next: keyOf(LastEvaluatedKey) } : {}),
      }
    },
  }
}

function keyOf(item: Item): RecordKey {
  const { pk, sk } = Key.parse(item)
  return { pk: pk.S, sk: sk.S }
}

function rowOf(item: Item): RawItem | StrangeItem {
  const key = keyOf(item)
  const row = Row.safeParse(item)
  if (!row.success) return { key, because: z.prettifyError(row.error) }
  const { kind, version, value, listPk, listSk, deleteAfter } = row.data
  try {
    return {
      kind: kind.S,
      key,
      version: Number(version.N),
      value: z.json().parse(JSON.parse(storedText(value))),
      ...(listPk && listSk ? { list: { pk: listPk.S, sk: listSk.S } } : {}),
      ...(deleteAfter ? { deleteAfterSeconds: Number(deleteAfter.N) } : {}),
    }
  } catch (error) {
    return { key, because: `unreadable value: ${error instanceof Error ? error.message : String(error)}` }
  }
}

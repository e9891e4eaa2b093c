/** The outbox and the log's head by DynamoDB, in the ledger's table. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import { type EvidenceHealth, emptyHead, Head, readEvidenceHealth } from '../evidence/index.ts'
import type { LogHead, Outbox } from '../evidence/ports.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, partitions } from '../kit/keys.ts'
import type { EvidenceRecord } from '../kit/ledger.ts'
import type { Clock } from '../kit/ports.ts'
import { clientSettings } from './runtime.ts'

const deletesMax = 16
const OutboxItem = z.object({ record: z.object({ S: z.string() }) })
const Record: z.ZodType<EvidenceRecord> = z.strictObject({
  leafId: z.string(),
  at: z.string(),
  type: z.string(),
  account: z.string(),
  changeId: z.string(),
  actor: z.string(),
  body: z.json(),
})
const HeadItem = z.object({ version: z.object({ N: z.string() }), value: z.object({ S: z.string() }) })
const keyOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => ({ pk: { S: pk }, sk: { S: sk } })

/** The outbox that the ledger's transactions fill. */
export function dynamoOutbox(table: string, client = new DynamoDBClient(clientSettings)): Outbox {
  return {
    async pending(limit) {
      const records: EvidenceRecord[] = []
      let start: { [name: string]: AttributeValue } | undefined
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :outbox',
            ExpressionAttributeValues: { ':outbox': { S: partitions.outbox } },
            ConsistentRead: true,
            Limit: limit - records.length,
            ...(start ? { ExclusiveStartKey: start } : {}),
          }),
        )
        for (const item of page.Items ?? []) records.push(Record.parse(JSON.parse(OutboxItem.parse(item).record.S)))
        start = page.LastEvaluatedKey
      } while (start && records.length < limit)
      return records
    },
    async remove(leafIds) {
      await inParallel(leafIds, deletesMax, (leafId) =>
        client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(keys.outbox(leafId)) })),
      )
    },
  }
}

/** The head as one item, readable as a record of the ledger (`EvidenceHeadRecord`, `keys.evidenceHead()`). */
export function dynamoLogHead(table: string, client = new DynamoDBClient(clientSettings)): LogHead {
  return {
    async read() {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(keys.evidenceHead()), ConsistentRead: true }),
      )
      if (!Item) return { version: 0, head: emptyHead }
      const { version, value } = HeadItem.parse(Item)
      return { version: Number(version.N), head: Head.parse(JSON.parse(value.S)) }
    },
    async advance(from, head) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              ...keyOf(keys.evidenceHead()),
              kind: { S: 'evidence-head' },
              version: { N: String(from + 1) },
              value: { S: canonicalJson(head) },
            },
            ...(from === 0
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : {
                  ConditionExpression: '#version = :from',
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: { ':from': { N: String(from) } },
                }),
          }),
        )
        return 'advanced'
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'conflict'
        throw error
      }
    },
  }
}

/** The health of the evidence log now, for the gates of a rollout; never throws. */
export function dynamoEvidenceHealth(table: string, clock: Clock): () => Promise<EvidenceHealth> {
  const client = new DynamoDBClient(clientSettings)
  const [logHead, outbox] = [dynamoLogHead(table, client), dynamoOutbox(table, client)]
  return () => readEvidenceHealth({ logHead, outbox, clock })
}

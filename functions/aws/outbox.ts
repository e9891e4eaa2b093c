/** The outbox and the log's head by DynamoDB, in the ledger's table. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import {
  ChainHead,
  ChainHeadRecord,
  type EvidenceHealth,
  emptyHead,
  Head,
  parseWaiting,
  readEvidenceHealth,
} from '../evidence/index.ts'
import type { ChainHeads, LogHead, Outbox } from '../evidence/ports.ts'
import { byTextOf } from '../kit/by-text.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, partitions } from '../kit/keys.ts'
import type { EvidenceRecord } from '../kit/ledger.ts'
import type { Clock } from '../kit/ports.ts'
import { clientSettings } from './runtime.ts'
import { storedText, Value } from './value.ts'

const deletesMax = 16
const Text = z.object({ S: z.string() })
const ItemKey = z.object({ pk: Text, sk: Text })
const OutboxItem = z.object({ sk: Text, record: Value })
const HeadItem = z.object({ version: z.object({ N: z.string() }), value: z.object({ S: z.string() }) })
const keyOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => ({ pk: { S: pk }, sk: { S: sk } })

type Item = Record<string, AttributeValue>

type Found = EvidenceRecord | { readonly because: string }

/** The record in an item, or what is wrong with the item. */
function recordOf(item: Item): Found {
  const found = OutboxItem.safeParse(item).data
  if (!found) return { because: 'it has no record' }
  const text = recordText(found.record)
  if (text === undefined) return { because: 'its record cannot be unpacked' }
  const record = parseWaiting(text)
  // The item's key is what removes it, so it must be the record's own.
  return isRecord(record) && record.leafId !== found.sk.S ? { because: `its record is ${record.leafId}` } : record
}

function recordText(value: Value): string | undefined {
  try {
    return storedText(value)
  } catch {
    return undefined
  }
}

const isRecord = (found: Found): found is EvidenceRecord => !('because' in found)

/** The outbox that the ledger's transactions fill. */
export function dynamoOutbox(table: string, client = new DynamoDBClient(clientSettings)): Outbox {
  /** Items of one partition in key order, page by page, until `limit` of them are wanted or none is left. */
  async function itemsOf(pk: string, limit: number, isWanted: (item: Item) => boolean): Promise<Item[]> {
    const items: Item[] = []
    let start: Item | undefined
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :outbox',
          ExpressionAttributeValues: { ':outbox': { S: pk } },
          ConsistentRead: true,
          ...(Number.isFinite(limit) ? { Limit: limit - items.length } : {}),
          ...(start ? { ExclusiveStartKey: start } : {}),
        }),
      )
      items.push(...(page.Items ?? []).filter(isWanted))
      start = page.LastEvaluatedKey
    } while (start && items.length < limit)
    return items
  }

  async function setAside(item: Item, because: string): Promise<string> {
    const { pk, sk } = ItemKey.parse(item)
    const aside = keyOf({ pk: partitions.outboxAside, sk: `${pk.S}/${sk.S}` })
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: table, Item: { ...item, ...aside, because: { S: because } } } },
          { Delete: { TableName: table, Key: { pk, sk } } },
        ],
      }),
    )
    return `${pk.S} / ${sk.S}: ${because}`
  }

  return {
    async pending(limit) {
      // Each shard gives its oldest `limit`, so the oldest of all are among them.
      const shards = await Promise.all(
        partitions.outboxes.map((pk) => itemsOf(pk, limit, (item) => isRecord(recordOf(item)))),
      )
      const records = shards.flat().map(recordOf).filter(isRecord)
      return records.toSorted(byTextOf(({ leafId }) => leafId)).slice(0, limit)
    },
    async setAside() {
      const shards = await Promise.all(
        partitions.outboxes.map((pk) => itemsOf(pk, Number.POSITIVE_INFINITY, (item) => !isRecord(recordOf(item)))),
      )
      return inParallel(shards.flat(), deletesMax, async (item) => {
        const found = recordOf(item)
        return isRecord(found) ? '' : setAside(item, found.because)
      })
    },
    async remove(leafIds) {
      // A leaf from before there were shards stands in the undivided outbox.
      const [undivided = ''] = partitions.outboxes
      const before = new Set((await itemsOf(undivided, Number.POSITIVE_INFINITY, () => true)).map(({ sk }) => sk?.S))
      await inParallel(leafIds, deletesMax, (leafId) =>
        client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: keyOf(before.has(leafId) ? { pk: undivided, sk: leafId } : keys.outbox(leafId)),
          }),
        ),
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

/** The chains' heads, one item a change, readable as records of the ledger (`ChainHeadRecord`). */
export function dynamoChainHeads(table: string, client = new DynamoDBClient(clientSettings)): ChainHeads {
  return {
    async read(changeId) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(keys.evidenceChain(changeId)), ConsistentRead: true }),
      )
      return Item && ChainHead.parse(JSON.parse(HeadItem.parse(Item).value.S))
    },
    async advance(head) {
      // The index grows with each leaf of the change, so it serves as the version; 0 would mean that none exists.
      const version = String(head.index + 1)
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              ...keyOf(keys.evidenceChain(head.changeId)),
              kind: { S: ChainHeadRecord.kind },
              version: { N: version },
              value: { S: canonicalJson(head) },
            },
            ConditionExpression: 'attribute_not_exists(pk) OR #version < :version',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':version': { N: version } },
          }),
        )
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
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

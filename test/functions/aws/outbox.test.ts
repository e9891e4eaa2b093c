import { DeleteItemCommand, DynamoDBClient, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'

import { beforeEach, describe, expect, it } from 'vitest'
import { dynamoOutbox } from '../../../functions/aws/outbox.ts'
import { unfiledEvidence } from '../../../functions/aws/unfiled-evidence.ts'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { EvidenceRecord } from '../../../functions/kit/ledger.ts'
import { mockClient } from '../../aws/mock-client.ts'
import { anyRecord, changeA, changeB } from '../evidence/any-log.ts'

const client = new DynamoDBClient({ region: 'eu-central-1' })
const dynamo = mockClient(client)
const outbox = dynamoOutbox('ledger', client)

/** Items by partition, as the table holds them; a page has two. */
function tableOf(items: readonly { readonly pk: string; readonly sk: string; readonly record: string }[]) {
  dynamo.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values, ExclusiveStartKey: start }) => {
    const pk = values[':outbox'].S
    const wanted = values[':change']?.S
    const rows = items
      .filter((item) => item.pk === pk && item.sk > (start?.sk?.S ?? ''))
      .toSorted((left, right) => (left.sk < right.sk ? -1 : 1))
    const page = rows.slice(0, 2)
    const last = rows.length > 2 ? page.at(-1) : undefined
    const matching = page.filter(({ record }) => wanted === undefined || record.includes(wanted))
    return {
      Items: matching.map(({ sk, record }) => ({ pk: { S: pk }, sk: { S: sk }, record: { S: record } })),
      Count: matching.length,
      ...(last ? { LastEvaluatedKey: { pk: { S: last.pk }, sk: { S: last.sk } } } : {}),
    }
  })
}
const itemOf = (record: EvidenceRecord) => ({ ...keys.outbox(record.leafId), record: canonicalJson(record) })
const recordsOf = (numbers: readonly number[]) => numbers.map((number) => anyRecord(number))

beforeEach(() => dynamo.reset())

describe('8.4 the outbox in shards', () => {
  it('gives the oldest of all shards first, and what waits from before there were shards', async () => {
    const waiting = recordsOf([5, 1, 9, 2, 8, 3])
    const [first = anyRecord(0), ...rest] = recordsOf([0, 7])
    tableOf([...waiting.map(itemOf), ...[first, ...rest].map((record) => ({ ...itemOf(record), pk: 'OUTBOX' }))])
    expect(await outbox.pending(5)).toEqual(recordsOf([0, 1, 2, 3, 5]))
    expect(await outbox.pending(100)).toEqual(recordsOf([0, 1, 2, 3, 5, 7, 8, 9]))
  })

  it('spreads leaves over the shards', () => {
    const places = Array.from({ length: 32 }, (_, number) => keys.outbox(anyRecord(number).leafId).pk)
    expect(new Set(places).size).toBe(4)
  })

  it('removes a leaf from where it stands', async () => {
    tableOf([{ ...itemOf(anyRecord(1)), pk: 'OUTBOX' }])
    await outbox.remove([anyRecord(1).leafId, anyRecord(2).leafId])
    expect(dynamo.commandCalls(DeleteItemCommand).map(({ args }) => args[0].input.Key?.pk?.S)).toEqual([
      'OUTBOX',
      keys.outbox(anyRecord(2).leafId).pk,
    ])
  })

  it.each<[string, Partial<EvidenceRecord> | string]>([
    ['whose text is no JSON', '{'],
    ['that lacks a field', '{"leafId":"01J00000000000000000000003"}'],
    ['whose leaf id is no ULID', { leafId: '../x' }],
    ['whose record is another', { leafId: anyRecord(4).leafId }],
  ])('sets aside an item %s, as it is, and gives the others', async (_, change) => {
    const bad = { ...keys.outbox(anyRecord(3).leafId) }
    const record = typeof change === 'string' ? change : canonicalJson(anyRecord(3, change))
    tableOf([itemOf(anyRecord(1)), { ...bad, record }, itemOf(anyRecord(5))])
    expect(await outbox.pending(1)).toEqual(recordsOf([1]))
    expect(await outbox.pending(9)).toEqual(recordsOf([1, 5]))
    expect(await outbox.setAside()).toHaveLength(1)
    const [moved] = dynamo.commandCalls(TransactWriteItemsCommand)
    expect(moved?.args[0].input.TransactItems).toMatchObject([
      { Put: { Item: { pk: { S: 'OUTBOX-ASIDE' }, sk: { S: `${bad.pk}/${bad.sk}` }, record: { S: record } } } },
      { Delete: { Key: { pk: { S: bad.pk }, sk: { S: bad.sk } } } },
    ])
  })

  it('sets nothing aside where all is well', async () => {
    tableOf(recordsOf([1, 2, 3]).map(itemOf))
    expect(await outbox.setAside()).toEqual([])
    expect(dynamo.commandCalls(TransactWriteItemsCommand)).toEqual([])
  })

  it.each([[[4]], [[1, 2, 4]]])('knows of a change whatever shard its leaf %j waits in', async (numbers) => {
    tableOf(numbers.map((number) => itemOf(anyRecord(number, { changeId: number === 4 ? changeA : changeB }))))
    const unfiled = unfiledEvidence('ledger', client)
    expect(await unfiled.hasAny(changeA)).toBe(true)
    expect(await unfiled.hasAny('01JC000000000000000000000C')).toBe(false)
  })
})

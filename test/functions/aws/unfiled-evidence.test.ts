import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { unfiledEvidence } from '../../../functions/aws/unfiled-evidence.ts'
import { partitions } from '../../../functions/kit/keys.ts'
import { mockClient } from '../../aws/mock-client.ts'

const keyOf = (sk: string) => ({ sk: { S: sk } })

/** Asks about change C1 where one shard of the outbox is read in these pages, and the others hold nothing of it. */
async function ask(pages: readonly { readonly Count?: number; readonly next?: string }[], shard: string) {
  const dynamo = mockClient(DynamoDBClient)
  dynamo.on(QueryCommand).callsFake(({ ExpressionAttributeValues, ExclusiveStartKey }) => {
    if (ExpressionAttributeValues[':outbox'].S !== shard) return { Count: 0 }
    const at = ExclusiveStartKey ? pages.findIndex(({ next }) => next === ExclusiveStartKey.sk.S) + 1 : 0
    const { next, ...page } = pages[at] ?? {}
    return { ...page, ...(next === undefined ? {} : { LastEvaluatedKey: keyOf(next) }) }
  })
  const hasAny = await unfiledEvidence('table', new DynamoDBClient({ region: 'eu-central-1' })).hasAny('C1')
  const asked = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input)
  dynamo.restore()
  return { hasAny, asked }
}

describe('8.7 whether a change has evidence that is not filed yet', () => {
  it.each([
    ['one record waits', [{ Count: 1 }], true, 1],
    ['none waits', [{ Count: 0 }], false, 1],
    ['the filter leaves nothing of a page, and the next has one', [{ Count: 0, next: 'a' }, { Count: 2 }], true, 2],
    [
      'the filter leaves nothing of any page',
      [{ Count: 0, next: 'a' }, { Count: 0, next: 'b' }, { Count: 0 }],
      false,
      3,
    ],
    ['the first page has one, so the rest is not read', [{ Count: 1, next: 'a' }, { Count: 0 }], true, 1],
    ['a page says nothing of its count', [{}], false, 1],
  ])('%s', async (_, pages, expected, reads) => {
    for (const shard of partitions.outboxes) {
      const { hasAny, asked } = await ask(pages, shard)
      const inShard = asked.filter((input) => input.ExpressionAttributeValues?.[':outbox']?.S === shard)
      expect([hasAny, inShard.length]).toEqual([expected, reads])
    }
  })

  it('is asked of every shard, strongly consistent, by the id between quotes: no id is the beginning of another', async () => {
    const { asked } = await ask([{ Count: 0 }], 'none')
    expect(asked.map(({ ExpressionAttributeValues }) => ExpressionAttributeValues?.[':outbox']?.S)).toEqual(
      partitions.outboxes,
    )
    for (const input of asked)
      expect(input).toMatchObject({
        TableName: 'table',
        ConsistentRead: true,
        ExpressionAttributeValues: { ':change': { S: '"changeId":"C1"' } },
      })
  })
})

import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { mockClient } from 'aws-sdk-client-mock'
import { describe, expect, it } from 'vitest'
import { unfiledEvidence } from '../../../functions/aws/unfiled-evidence.ts'

/** Asks about change C1 where the outbox is read in these pages. */
async function ask(pages: readonly { readonly Count?: number; readonly next?: string }[]) {
  const dynamo = mockClient(DynamoDBClient)
  for (const [index, { Count, next }] of pages.entries())
    dynamo
      .on(QueryCommand, index === 0 ? {} : { ExclusiveStartKey: { sk: { S: pages[index - 1]?.next ?? '' } } })
      .resolves({ Count, ...(next === undefined ? {} : { LastEvaluatedKey: { sk: { S: next } } }) })
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
    const { hasAny, asked } = await ask(pages)
    expect([hasAny, asked.length]).toEqual([expected, reads])
  })

  it('is read strongly consistent, by the change’s id between quotes: no id is the beginning of another', async () => {
    const { asked } = await ask([{ Count: 0 }])
    expect(asked[0]).toMatchObject({
      TableName: 'table',
      ConsistentRead: true,
      ExpressionAttributeValues: { ':change': { S: '"changeId":"C1"' } },
    })
  })
})

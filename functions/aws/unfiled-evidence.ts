/** Whether a change has transitions that are not filed yet, by strongly consistent reads of the outbox. */
import { type AttributeValue, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import type { UnfiledEvidence } from '../evidence/ports.ts'
import { partitions } from '../kit/keys.ts'
import { clientSettings } from './runtime.ts'

/** Asks every shard of the outbox. */
export function unfiledEvidence(table: string, client = new DynamoDBClient(clientSettings)): UnfiledEvidence {
  async function hasAnyIn(outbox: string, changeId: string): Promise<boolean> {
    let start: Record<string, AttributeValue> | undefined
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :outbox',
          // An older Drydock wrote the change into the record's text only.
          FilterExpression: 'changeId = :id OR (attribute_not_exists(changeId) AND contains(#record, :change))',
          ExpressionAttributeNames: { '#record': 'record' },
          ExpressionAttributeValues: {
            ':outbox': { S: outbox },
            ':id': { S: changeId },
            ':change': { S: `"changeId":"${changeId}"` },
          },
          ConsistentRead: true,
          ...(start ? { ExclusiveStartKey: start } : {}),
        }),
      )
      if ((page.Count ?? 0) > 0) return true
      start = page.LastEvaluatedKey
    } while (start)
    return false
  }
  return {
    async hasAny(changeId) {
      const found = await Promise.all(partitions.outboxes.map((outbox) => hasAnyIn(outbox, changeId)))
      return found.includes(true)
    },
  }
}

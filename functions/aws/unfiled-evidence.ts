/** Whether a change has transitions that are not filed yet, by a strongly consistent read of the outbox. */
import { type AttributeValue, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import type { UnfiledEvidence } from '../evidence/ports.ts'
import { partitions } from '../kit/keys.ts'
import { clientSettings } from './runtime.ts'

export function unfiledEvidence(table: string, client = new DynamoDBClient(clientSettings)): UnfiledEvidence {
  return {
    async hasAny(changeId) {
      let start: Record<string, AttributeValue> | undefined
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :outbox',
            FilterExpression: 'contains(#record, :change)',
            ExpressionAttributeNames: { '#record': 'record' },
            ExpressionAttributeValues: {
              ':outbox': { S: partitions.outbox },
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
    },
  }
}

/** Refused input by SQS: the intake dead-letter queue, with the reason as a message attribute. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { Refusals } from '../intake/ports.ts'
import { clientSettings } from './runtime.ts'

export function sqsRefusals(queueUrl: string, client = new SQSClient(clientSettings)): Refusals {
  return {
    async put({ reason, detail, body }) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify({ reason, detail, body }),
          MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
        }),
      )
    },
  }
}

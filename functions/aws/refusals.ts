/** Refused input by SQS: the intake dead-letter queue, with the reason as a message attribute. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { Refusals } from '../intake/ports.ts'
import { clientSettings, environment } from './runtime.ts'

export function sqsRefusals(client = new SQSClient(clientSettings)): Refusals {
  return {
    async put({ reason, detail, body }) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: environment('DRYDOCK_INTAKE_REFUSALS_QUEUE_URL'),
          MessageBody: JSON.stringify({ reason, detail, body }),
          MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
        }),
      )
    },
  }
}

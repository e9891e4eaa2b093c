/** The findings queue by SQS. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { FindingQueue } from '../intake/ports.ts'
import { clientSettings, environment } from './runtime.ts'

export function sqsFindingQueue(client = new SQSClient(clientSettings)): FindingQueue {
  return {
    async send(body) {
      await client.send(
        new SendMessageCommand({ QueueUrl: environment('DRYDOCK_FINDINGS_QUEUE_URL'), MessageBody: body }),
      )
    },
  }
}

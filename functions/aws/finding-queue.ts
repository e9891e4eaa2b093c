/** The findings queue by SQS. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { FindingQueue } from '../intake/ports.ts'
import { clientSettings } from './runtime.ts'

export function sqsFindingQueue(queueUrl: string, client = new SQSClient(clientSettings)): FindingQueue {
  return {
    async send(body) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }))
    },
  }
}

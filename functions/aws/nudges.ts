/** Nudges by SQS: one standard queue for each stage. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { Nudges } from '../kit/ports.ts'
import { clientSettings, environment } from './runtime.ts'

const queueVariables = {
  enrich: 'DRYDOCK_ENRICH_QUEUE_URL',
  assess: 'DRYDOCK_ASSESS_QUEUE_URL',
  dispatch: 'DRYDOCK_DISPATCH_QUEUE_URL',
  archive: 'DRYDOCK_ARCHIVE_QUEUE_URL',
} as const

export function sqsNudges(client = new SQSClient(clientSettings)): Nudges {
  return {
    async send(stage, message, delaySeconds = 0) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: environment(queueVariables[stage]),
          MessageBody: JSON.stringify(message),
          DelaySeconds: delaySeconds,
        }),
      )
    },
  }
}

/** Nudges by SQS: one standard queue for each stage. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DrydockError } from '../kit/errors.ts'
import type { Nudges, Stage } from '../kit/ports.ts'
import { clientSettings } from './runtime.ts'

/**
 * Nudges to the queues in a function's configuration, which are those it may send to.
 *
 * @throws DrydockError DD1002 for a stage without one.
 */
export function sqsNudges(
  queueUrls: Readonly<Partial<Record<Stage, string>>>,
  client = new SQSClient(clientSettings),
): Nudges {
  return {
    async send(stage, message, delaySeconds = 0) {
      const QueueUrl = queueUrls[stage]
      if (QueueUrl === undefined)
        throw new DrydockError('DD1002', `no queue for stage ${stage}: infra/functions.ts must list nudge:${stage}`)
      const MessageBody = JSON.stringify(message)
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds: delaySeconds }))
    },
  }
}

import { randomUUID } from 'node:crypto'
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { beforeAll, describe } from 'vitest'
import { sqsNudges } from '../../functions/aws/nudges.ts'
import { sqsRefusals } from '../../functions/aws/refusals.ts'
import { memoryNudges } from '../../simulator/ports/nudges.ts'
import { memoryRefusals } from '../../simulator/ports/refusals.ts'
import { endpoint, settings } from './aws.ts'
import { nudgesContract, refusalsContract } from './queues.ts'

describe('nudges in memory', () =>
  nudgesContract(() => {
    const nudges = memoryNudges()
    const take = async (stage: string) =>
      nudges.sent.filter((nudge) => nudge.stage === stage).map(({ message }) => message)
    return { nudges, take }
  }))

describe('refusals in memory', () =>
  refusalsContract(() => {
    const refusals = memoryRefusals()
    return { refusals, take: async () => refusals.kept.map((input) => ({ input, reason: input.reason })) }
  }))

const sqs = new SQSClient(settings)
const run = randomUUID()
const urls = { assess: '', dispatch: '', archive: '', enrich: '', refusals: '' }

/** Everything that a queue holds now, taken off it. */
async function drain(QueueUrl: string | undefined) {
  const taken: { readonly body: string; readonly reason: string | undefined }[] = []
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    )
    if (Messages.length === 0) return taken
    for (const { Body = '', MessageAttributes, ReceiptHandle } of Messages) {
      taken.push({ body: Body, reason: MessageAttributes?.reason?.StringValue })
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    }
  }
}

describe.skipIf(!endpoint)('on SQS or its emulator (needs DRYDOCK_AWS_ENDPOINT)', () => {
  beforeAll(async () => {
    for (const name of ['assess', 'dispatch', 'archive', 'enrich', 'refusals'] as const)
      urls[name] = (await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${run}` }))).QueueUrl ?? ''
  })

  nudgesContract(() => ({
    nudges: sqsNudges(urls, sqs),
    take: async (stage) => (await drain(urls[stage])).map(({ body }) => JSON.parse(body)),
  }))

  refusalsContract(() => ({
    refusals: sqsRefusals(urls.refusals, sqs),
    take: async () =>
      (await drain(urls.refusals)).map(({ body, reason = '' }) => ({
        input: JSON.parse(body),
        reason,
      })),
  }))
})

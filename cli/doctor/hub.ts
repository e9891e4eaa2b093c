/** Every check of a hub that can be reached. */
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { SESv2Client } from '@aws-sdk/client-sesv2'
import { SQSClient } from '@aws-sdk/client-sqs'
import { SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type * as z from 'zod'
import { Settings } from '../../functions/aws/configuration.ts'
import { systemClock } from '../../functions/aws/runtime.ts'
import { agentVersionMin } from '../../functions/planning/index.ts'
import { connect } from '../connection.ts'
import { type Check, fail, look, ok } from './check.ts'
import {
  checkAgents,
  checkClock,
  checkDeadLetters,
  checkEvidenceKey,
  checkMail,
  checkObjectLock,
  checkQuotas,
} from './cloud.ts'
import { checkLedger } from './ledger.ts'

/** Every dead-letter queue of the hub. */
const Queues = Settings.pick({
  findingsQueueUrl: true,
  enrichQueueUrl: true,
  assessQueueUrl: true,
  dispatchQueueUrl: true,
  archiveQueueUrl: true,
  refusalsQueueUrl: true,
  deadLettersQueueUrl: true,
})

export async function checkHub(stack: string): Promise<readonly Check[]> {
  let connection: Awaited<ReturnType<typeof connect>>
  try {
    connection = await connect(stack)
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return [fail('hub', found, 'npm start -- --keep, or npx cdk deploy DrydockHub')]
  }
  const { ledger, isLocal, client, configuration } = connection
  const groups = await Promise.all([
    look('ledger', () => checkLedger(ledger, systemClock.nowMs())),
    look('clock', async () => checkClock(await serverDate(new STSClient(client())), systemClock.nowMs())),
    look('dead letters', () => checkDeadLetters(new SQSClient(client()), queueUrlsOf(configuration(Queues)))),
    look('evidence bucket lock', () =>
      checkObjectLock(
        new S3Client({ ...client(), forcePathStyle: isLocal }),
        configuration(Settings.pick({ evidenceBucket: true })).evidenceBucket,
      ),
    ),
    look('evidence key', () =>
      checkEvidenceKey(new KMSClient(client()), configuration(Settings.pick({ evidenceKeyId: true })).evidenceKeyId),
    ),
    look('agents', () => checkAgents(new SSMClient(client('SSM')), agentVersionMin)),
    // The emulator has no quotas, and its mail goes to the inbox.
    ...(isLocal
      ? []
      : [
          look('mail', () =>
            checkMail(new SESv2Client(client()), configuration(Settings.pick({ mailSender: true })).mailSender),
          ),
          look('quotas', () => checkQuotas(new ServiceQuotasClient(client()))),
        ]),
  ])
  return [ok('hub', `${stack}${isLocal ? ' on the local cloud' : ''}`), ...groups.flat()]
}

/** Queues by their stage, as doctor names them. */
const queueUrlsOf = (queues: z.infer<typeof Queues>) =>
  new Map(
    Object.entries(queues).map(([setting, url]) => [
      setting.replace('QueueUrl', '').replace('deadLetters', 'dead-letters'),
      url,
    ]),
  )

/** The `Date` header of an AWS answer. */
async function serverDate(client: STSClient): Promise<string | undefined> {
  let date: string | undefined
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const headers: unknown = Reflect.get(Object(result.response), 'headers')
      const value: unknown = Reflect.get(Object(headers), 'date')
      if (typeof value === 'string') date = value
      return result
    },
    { step: 'deserialize', priority: 'low' },
  )
  await client.send(new GetCallerIdentityCommand({}))
  return date
}

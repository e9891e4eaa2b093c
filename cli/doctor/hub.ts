/** Everything that doctor asks about a hub that can be reached. */
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { SESv2Client } from '@aws-sdk/client-sesv2'
import { SQSClient } from '@aws-sdk/client-sqs'
import { SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { clientSettings, environment, systemClock } from '../../functions/aws/runtime.ts'
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

const stages = ['findings', 'enrich', 'assess', 'dispatch', 'archive', 'refusals', 'dead-letters']
const urlVariable = (stage: string) => `DRYDOCK_${stage.toUpperCase().replace('-', '_')}_QUEUE_URL`

export async function checkHub(stack: string): Promise<readonly Check[]> {
  let connection: Awaited<ReturnType<typeof connect>>
  try {
    connection = await connect(stack)
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return [fail('hub', found, 'npm start -- --keep, or npx cdk deploy DrydockHub')]
  }
  const { ledger, isLocal } = connection
  const queueUrls = Object.fromEntries(
    stages.flatMap((stage) => {
      const url = process.env[urlVariable(stage)]
      return url ? [[stage, url]] : []
    }),
  )
  const groups = await Promise.all([
    look('ledger', () => checkLedger(ledger, systemClock.nowMs())),
    look('clock', async () => checkClock(await serverDate(), systemClock.nowMs())),
    look('dead letters', () => checkDeadLetters(new SQSClient(clientSettings), queueUrls)),
    look('evidence bucket lock', () =>
      checkObjectLock(new S3Client(clientSettings), environment('DRYDOCK_EVIDENCE_BUCKET')),
    ),
    look('evidence key', () => checkEvidenceKey(new KMSClient(clientSettings), environment('DRYDOCK_EVIDENCE_KEY_ID'))),
    look('agents', () => checkAgents(new SSMClient(clientSettings), agentVersionMin)),
    // The emulator has no quotas, and its mail goes to the inbox.
    ...(isLocal
      ? []
      : [
          look('mail', () => checkMail(new SESv2Client(clientSettings), environment('DRYDOCK_MAIL_SENDER'))),
          look('quotas', () => checkQuotas(new ServiceQuotasClient(clientSettings))),
        ]),
  ])
  return [ok('hub', `${stack}${isLocal ? ' on the local cloud' : ''}`), ...groups.flat()]
}

/** The `Date` header of an answer of AWS. */
async function serverDate(): Promise<string | undefined> {
  const client = new STSClient(clientSettings)
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

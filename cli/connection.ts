/** Which Drydock a verb talks to: the local cloud that `drydock start --keep` left running, or the hub stack of the AWS account signed in. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import * as z from 'zod'
import { dynamoLedger } from '../functions/aws/ledger.ts'
import { DrydockError } from '../functions/kit/errors.ts'
import type { Ledger } from '../functions/kit/ledger.ts'
import { workDirectory } from '../tools/processes.ts'
import { reasonOf } from './reason.ts'

/** Written by `drydock start --keep`: the environment of the running local cloud. `DRYDOCK_SESSION` names another. */
export const sessionFile = () => process.env.DRYDOCK_SESSION ?? join(workDirectory, 'session.json')
const Session = z.strictObject({ environment: z.record(z.string(), z.string()) })

/** Stack output to the environment variable that the ports read. */
const variableOf: Readonly<Record<string, string>> = {
  LedgerTable: 'DRYDOCK_TABLE',
  EvidenceBucket: 'DRYDOCK_EVIDENCE_BUCKET',
  FeedsBucket: 'DRYDOCK_FEEDS_BUCKET',
  EvidenceKeyId: 'DRYDOCK_EVIDENCE_KEY_ID',
  EvidencePostQuantumKeyId: 'DRYDOCK_EVIDENCE_POST_QUANTUM_KEY_ID',
  EvidenceLogName: 'DRYDOCK_EVIDENCE_LOG_NAME',
  ChangeMachineArn: 'DRYDOCK_CHANGE_MACHINE_ARN',
  FindingsQueueUrl: 'DRYDOCK_FINDINGS_QUEUE_URL',
  RefusalsQueueUrl: 'DRYDOCK_REFUSALS_QUEUE_URL',
  DeadLettersQueueUrl: 'DRYDOCK_DEAD_LETTERS_QUEUE_URL',
  MailSender: 'DRYDOCK_MAIL_SENDER',
  EnrichQueueUrl: 'DRYDOCK_ENRICH_QUEUE_URL',
  AssessQueueUrl: 'DRYDOCK_ASSESS_QUEUE_URL',
  DispatchQueueUrl: 'DRYDOCK_DISPATCH_QUEUE_URL',
  ArchiveQueueUrl: 'DRYDOCK_ARCHIVE_QUEUE_URL',
  ConsoleUrl: 'DRYDOCK_CONSOLE_URL',
  Account: 'DRYDOCK_ACCOUNT',
}

export interface Connection {
  readonly ledger: Ledger
  readonly isLocal: boolean
}

/**
 * Connects and sets the environment that the AWS ports read.
 *
 * @throws DrydockError DD2301 when neither a local cloud nor a hub stack is found.
 */
export async function connect(stackName: string): Promise<Connection> {
  if (process.env.DRYDOCK_TABLE) return { ledger: dynamoLedger(), isLocal: process.env.AWS_ENDPOINT_URL !== undefined }
  const file = sessionFile()
  if (existsSync(file)) {
    Object.assign(process.env, Session.parse(JSON.parse(readFileSync(file, 'utf8'))).environment)
    await assureAnswer(file, process.env.AWS_ENDPOINT_URL)
    return { ledger: dynamoLedger(), isLocal: true }
  }
  try {
    const { Stacks } = await new CloudFormationClient({ maxAttempts: 3 }).send(
      new DescribeStacksCommand({ StackName: stackName }),
    )
    for (const { OutputKey = '', OutputValue = '' } of Stacks?.[0]?.Outputs ?? []) {
      const variable = variableOf[OutputKey]
      if (variable) process.env[variable] = OutputValue
    }
    return { ledger: dynamoLedger(), isLocal: false }
  } catch (error) {
    throw new DrydockError(
      'DD2301',
      `no local cloud is running ("npm start -- --keep" starts one), and no stack "${stackName}" can be read on AWS: ${reasonOf(error)}`,
      { cause: error },
    )
  }
}

/** A cloud that was killed leaves its session behind; going on to AWS then could be another hub than the one meant. */
async function assureAnswer(file: string, endpoint: string | undefined): Promise<void> {
  try {
    await fetch(endpoint ?? '', { signal: AbortSignal.timeout(5_000) })
  } catch (error) {
    throw new DrydockError(
      'DD2301',
      `the local cloud of ${file} does not answer at ${endpoint}; start it again with "npm start -- --keep", or delete that file to talk to AWS`,
      { cause: error },
    )
  }
}

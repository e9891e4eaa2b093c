/**
 * Which Drydock a verb talks to: the local cloud that `drydock start --keep` left running, or the hub stack of the AWS
 * account signed in.
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import * as z from 'zod'
import {
  type Environment,
  readConfiguration,
  type SettingName,
  Settings,
  variableOf,
} from '../functions/aws/configuration.ts'
import { s3EvidenceStore } from '../functions/aws/evidence-store.ts'
import { dynamoLedger } from '../functions/aws/ledger.ts'
import { clientSettings } from '../functions/aws/runtime.ts'
import { DrydockError } from '../functions/kit/errors.ts'
import type { Ledger } from '../functions/kit/ledger.ts'
import { tableOf } from '../functions/kit/table.ts'
import { workDirectory } from '../tools/processes.ts'
import { reasonOf } from './reason.ts'

/** Written by `drydock start --keep`: the environment of the running local cloud. `DRYDOCK_SESSION` names another. */
export const sessionFile = () => process.env.DRYDOCK_SESSION ?? join(workDirectory, 'session.json')
const Session = z.strictObject({ environment: tableOf(z.string()) })

/** The output of the hub stack for a setting. */
const outputOf: Readonly<Partial<Record<SettingName, string>>> = {
  table: 'LedgerTable',
  account: 'Account',
  evidenceBucket: 'EvidenceBucket',
  evidenceKeyId: 'EvidenceKeyId',
  evidencePostQuantumKeyId: 'EvidencePostQuantumKeyId',
  evidenceLogName: 'EvidenceLogName',
  changeMachineArn: 'ChangeMachineArn',
  findingsQueueUrl: 'FindingsQueueUrl',
  enrichQueueUrl: 'EnrichQueueUrl',
  assessQueueUrl: 'AssessQueueUrl',
  dispatchQueueUrl: 'DispatchQueueUrl',
  archiveQueueUrl: 'ArchiveQueueUrl',
  refusalsQueueUrl: 'RefusalsQueueUrl',
  deadLettersQueueUrl: 'DeadLettersQueueUrl',
  mailSender: 'MailSender',
}

/** What the command line advises about a missing setting. */
const advice = 'deploy the hub stack again, or set the missing variables'

export interface Connection {
  readonly ledger: Ledger
  readonly isLocal: boolean
  /** Settings of an SDK client: endpoint and keys of the local cloud, or on AWS the caller's own. */
  readonly client: (service?: 'SSM') => ClientSettings
  /**
   * The settings of one schema.
   * @throws DrydockError DD1002 that names those missing.
   */
  configuration<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>): z.output<z.ZodObject<Shape>>
}

type ClientSettings = typeof clientSettings & {
  readonly endpoint?: string
  readonly region?: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/**
 * Connects to the hub that the environment, the session of a local cloud, or the stack names, in this order.
 *
 * @throws DrydockError DD2301 when neither a local cloud nor a hub stack is found, DD1002 when what is found lacks the
 * ledger's table.
 */
export async function connect(stackName: string): Promise<Connection> {
  if (process.env[variableOf('table')]) return connectionOf(process.env, () => clientSettings)
  const file = sessionFile()
  if (existsSync(file)) {
    const { environment } = Session.parse(JSON.parse(readFileSync(file, 'utf8')))
    await assureAnswer(file, environment[variableOf('endpointUrl')])
    return connectionOf(environment, clientsOf(environment))
  }
  return connectionOf(await environmentOfStack(stackName), () => clientSettings)
}

function connectionOf(environment: Environment, client: Connection['client']): Connection {
  const configuration: Connection['configuration'] = (schema) => readConfiguration(schema, environment, advice)
  const { table, endpointUrl, evidenceBucket } = configuration(
    Settings.pick({ table: true, endpointUrl: true, evidenceBucket: true }),
  )
  const buckets = new S3Client({ ...client(), forcePathStyle: endpointUrl !== undefined })
  return {
    ledger: dynamoLedger(table, new DynamoDBClient(client()), s3EvidenceStore(evidenceBucket, buckets)),
    isLocal: endpointUrl !== undefined,
    client,
    configuration,
  }
}

/** A local cloud is configured by its session alone: no AWS setting of the shell reaches it. */
function clientsOf(environment: Environment): Connection['client'] {
  const {
    AWS_REGION: region = '',
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
  } = environment
  return (service) => {
    const endpoint = (service && environment[`AWS_ENDPOINT_URL_${service}`]) ?? environment[variableOf('endpointUrl')]
    return {
      ...clientSettings,
      region,
      credentials: { accessKeyId, secretAccessKey },
      ...(endpoint === undefined ? {} : { endpoint }),
    }
  }
}

async function environmentOfStack(stackName: string): Promise<Environment> {
  try {
    const { Stacks } = await new CloudFormationClient({ maxAttempts: 3 }).send(
      new DescribeStacksCommand({ StackName: stackName }),
    )
    const outputs = new Map(Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
    const given = Object.entries(outputOf).map(([setting, output]) => [variableOf(setting), outputs.get(output)])
    // A hub whose checkpoints carry one signature has no such output.
    return { [variableOf('evidencePostQuantumKeyId')]: 'none', ...withoutGaps(Object.fromEntries(given)) }
  } catch (error) {
    throw new DrydockError(
      'DD2301',
      `no local cloud is running ("npm start -- --keep" starts one), and no stack "${stackName}" can be read on AWS: ${reasonOf(error)}`,
      { cause: error },
    )
  }
}

const withoutGaps = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined))

/** A killed cloud leaves its session behind; falling through to AWS could then reach a hub that nobody meant. */
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

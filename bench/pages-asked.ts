/** Asks pages and verbs of a hub, and says what each took: queries, bytes, answer, time. */
import {
  DynamoDBClient,
  type DynamoDBClientResolvedConfig,
  GetItemCommand,
  QueryCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb'
import type { AwsStub } from 'aws-sdk-client-mock'
import { runCommandLine } from '../cli/main.ts'
import { dynamoLedger } from '../functions/aws/ledger.ts'
import { dynamoLogHead, dynamoOutbox } from '../functions/aws/outbox.ts'
import { systemSecrets } from '../functions/aws/secrets.ts'
import { consoleApp } from '../functions/console/index.ts'
import type { Asked } from '../simulator/ports/counted-table.ts'
import { fixedClock, sequentialIds } from '../simulator/ports/time.ts'
import type { hubOf } from './pages-hub.ts'

/** What one page or verb took. */
export interface Taken extends Asked {
  readonly status: number
  readonly characters: number
  readonly ms: number
}

const nowMs = Date.parse('2026-01-02T03:04:05.000Z')
const fixed = { account: '123456789012', consoleUrl: 'http://127.0.0.1:8080' } as const
/** A verified session of an approver. */
const session = {
  event: { requestContext: { authorizer: { jwt: { claims: { email: 'olivia@example.com', email_verified: true } } } } },
}

type Mock = AwsStub<ServiceInputTypes, ServiceOutputTypes, DynamoDBClientResolvedConfig>

/** Lets every client of DynamoDB ask the hub's table. */
export function answerFrom(hub: ReturnType<typeof hubOf>, dynamo: Mock) {
  dynamo.on(QueryCommand).callsFake((input) => hub.query(input))
  dynamo.on(GetItemCommand).callsFake((input) => hub.get(input))
}

/** The console on the table, as its Lambda has it. */
export function consoleOf() {
  const client = new DynamoDBClient({ region: 'eu-central-1' })
  const ports = {
    ledger: dynamoLedger('ledger', client),
    logHead: dynamoLogHead('ledger', client),
    outbox: dynamoOutbox('ledger', client),
  }
  return consoleApp({
    ...fixed,
    ...ports,
    clock: fixedClock(nowMs),
    ids: sequentialIds(),
    secrets: systemSecrets(),
    metrics: { count: () => undefined },
    tokens: { succeed: async () => 'gone' },
    makeNonce: () => 'nonce',
    signedIn: () => 'olivia',
    onFault: (fault) => {
      throw fault
    },
  })
}

export async function askPage(
  app: ReturnType<typeof consoleOf>,
  address: string,
  hub: ReturnType<typeof hubOf>,
): Promise<Taken> {
  hub.take()
  const startMs = performance.now()
  const response = await app.request(address, {}, session)
  const text = await response.text()
  return { status: response.status, characters: text.length, ms: performance.now() - startMs, ...hub.take() }
}

/** Runs a verb with its output kept from the terminal. */
export async function askVerb(words: readonly string[], hub: ReturnType<typeof hubOf>): Promise<Taken> {
  hub.take()
  let characters = 0
  const write = (text: string | Uint8Array) => {
    characters += text.length
    return true
  }
  const [stdout, stderr] = [process.stdout.write, process.stderr.write]
  const startMs = performance.now()
  try {
    process.stdout.write = write
    process.stderr.write = write
    const status = await runCommandLine(words)
    return { status, characters, ms: performance.now() - startMs, ...hub.take() }
  } finally {
    process.stdout.write = stdout
    process.stderr.write = stderr
  }
}

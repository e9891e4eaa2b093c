/** The local cloud with real parts: the CDK app on the emulator, the fleet simulator, the feeds, the inbox. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { KMSClient } from '@aws-sdk/client-kms'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import * as z from 'zod'
import { s3EvidenceStore } from '../functions/aws/evidence-store.ts'
import { dynamoLedger } from '../functions/aws/ledger.ts'
import { systemClock, systemIds } from '../functions/aws/runtime.ts'
import { kmsSigner } from '../functions/aws/signer.ts'
import { verifierKeyOf } from '../functions/evidence/index.ts'
import { DrydockError } from '../functions/kit/errors.ts'
import type { BusEvent, InboxMail, LocalCloud } from '../simulator/cloud.ts'
import type { Fleet } from '../simulator/fleet/fleet.ts'
import { inboxApp } from '../simulator/inbox.ts'
import { localAccount, localRegion } from '../simulator/local-account.ts'
import { stopAllPrograms } from '../tools/processes.ts'
import { publishDeadDrivers } from './dead-drivers.ts'
import type { ClientSettings, Deploy, HubOutputs } from './deploy.ts'
import { emulatorEnvironment, forgetAws, startEmulator } from './emulator.ts'
import { startFeedServer } from './feed-server.ts'
import { startFleetServer } from './fleet-server.ts'
import { startProxy } from './proxy.ts'
import { serveApp } from './serve-app.ts'

export interface StartOptions {
  readonly fleet: Fleet
  readonly onLine: (line: string) => void
  /** Whether the emulator can be restarted with what it holds. */
  readonly keepsState?: boolean
  /** What brings the hub onto the emulator. */
  readonly deploy: Deploy
}

const functionOutputs = {
  'inventory/sync-assets': 'SyncAssetsFunction',
  'intel/refresh-feed': 'RefreshFeedFunction',
  'driver/reconcile-changes': 'ReconcileFunction',
  'evidence/archive-leaves': 'ArchiveFunction',
} as const

/** The emulator's time is the machine's. */
const machineTime: Pick<LocalCloud, 'clock' | 'ids' | 'sleep' | 'during'> = {
  clock: systemClock,
  ids: systemIds,
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  during: (work) => work(),
}

/** Starts everything; on failure stops what was started before it throws. */
export async function startEmulatorCloud({ fleet, onLine, keepsState = false, deploy }: StartOptions): Promise<
  LocalCloud & {
    readonly fleetAddress: string
    readonly outputs: HubOutputs
    readonly endpoint: string
    /** What a session of the command line is told, to talk to this cloud. */
    readonly environment: Readonly<Record<string, string>>
    /** Settings of an SDK client of this cloud. */
    readonly client: ClientSettings
    restart(): Promise<void>
  }
> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of stops.reverse()) await end().catch(() => undefined)
    stopAllPrograms()
  }
  try {
    forgetAws()
    const { spokes } = fleet.sessions
    const emulator = await startEmulator(onLine, { keepsState })
    stops.push(() => emulator.stop())
    const { endpoint } = emulator
    const settings = clientOf(endpoint)
    const publish = publisher(new EventBridgeClient(settings))
    const buckets = new S3Client({ ...settings, forcePathStyle: true })
    const fleetServer = await startFleetServer({
      fleet,
      onEvent: (event) => void publish(event).catch((error) => onLine(`event lost: ${String(error)}`)),
      onOutput: outputKeeper(buckets, onLine),
    })
    stops.push(() => fleetServer.close())
    const feeds = await startFeedServer({})
    stops.push(() => feeds.close())
    const proxy = await startProxy(new URL(endpoint))
    stops.push(() => proxy.close())
    const consoleUrl = proxy.address
    const addresses = {
      ssmEndpoint: fleetServer.address,
      consoleUrl,
      feeds: {
        kev: `${feeds.address}/kev.json`,
        epss: `${feeds.address}/epss.csv.gz`,
        vulnrichment: `${feeds.address}/vulnrichment`,
      },
    }
    onLine('deploying the hub stack')
    const outputs = await deploy(settings, addresses, spokes)
    proxy.forwardTo(outputs.ConsoleUrl.replace(/^http:\/\//, ''))
    const inbox = () => mailsOf(endpoint)
    const inboxServer = await serveApp(inboxApp(inbox).fetch)
    stops.push(() => inboxServer.close())
    stops.push(publishDeadDrivers(new SFNClient(settings), outputs.ChangeMachineArn, publish))
    const evidence = s3EvidenceStore(outputs.EvidenceBucket, buckets)
    return {
      description: `CDK app on MiniStack at ${endpoint}, ${fleet.size} simulated nodes`,
      kind: 'emulator',
      client: settings,
      endpoint,
      outputs,
      consoleUrl,
      inboxUrl: inboxServer.address,
      isServed: true,
      fleetAddress: fleetServer.address,
      ledger: dynamoLedger(outputs.LedgerTable, new DynamoDBClient(settings), evidence),
      evidence,
      verifierKey: async () =>
        verifierKeyOf(kmsSigner({ name: evidenceLogName, keyId: outputs.EvidenceKeyId }, new KMSClient(settings))),
      // A session of the command line asks the fleet for nodes, as the functions do.
      environment: {
        ...emulatorEnvironment(endpoint),
        ...environmentOf(outputs),
        AWS_ENDPOINT_URL_SSM: fleetServer.address,
      },
      publish,
      inbox,
      ...machineTime,
      request: (path, init) => fetch(`${consoleUrl}${path}`, { ...init, signal: AbortSignal.timeout(15_000) }),
      trigger: triggerer(new LambdaClient(settings), outputs),
      counts: async () => ({ transitions: 0, lambdaCalls: 0, sendCommands: fleetServer.fleet.sendCommandCount }),
      restart: () => emulator.restart(),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Puts what a step printed into its bucket, as SSM Agent does. */
const outputKeeper =
  (buckets: S3Client, onLine: (line: string) => void) =>
  ({ bucket, key, text }: Fleet['outputs'][number]) =>
    void buckets
      .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }))
      .catch((error) => onLine(`output lost: ${String(error)}`))
const clientOf = (endpoint: string): ClientSettings => ({
  endpoint,
  region: localRegion,
  credentials: { accessKeyId: localAccount, secretAccessKey: 'local' },
})

function publisher(client: EventBridgeClient): LocalCloud['publish'] {
  return async (event: BusEvent) => {
    const Entries = [{ ...event, Resources: [...(event.Resources ?? [])] }]
    const answer = await client.send(new PutEventsCommand({ Entries }))
    const fault = answer.Entries?.[0]?.ErrorMessage ?? 'no reason given'
    if (answer.FailedEntryCount) throw new DrydockError('DD2423', `the emulator's bus refused an event: ${fault}`)
  }
}

function triggerer(client: LambdaClient, outputs: HubOutputs): LocalCloud['trigger'] {
  return async (name, input) => {
    const FunctionName = outputs[functionOutputs[name]]
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(input) }))
    const said = new TextDecoder().decode(answer.Payload)
    if (answer.FunctionError) throw new DrydockError('DD2424', `${name} failed: ${said}`)
  }
}

const evidenceLogName = `drydock.${localAccount}.${localRegion}/evidence`

const environmentOf = (outputs: HubOutputs) => ({
  DRYDOCK_TABLE: outputs.LedgerTable,
  DRYDOCK_ACCOUNT: localAccount,
  DRYDOCK_EVIDENCE_BUCKET: outputs.EvidenceBucket,
  DRYDOCK_FEEDS_BUCKET: outputs.FeedsBucket,
  DRYDOCK_EVIDENCE_KEY_ID: outputs.EvidenceKeyId,
  DRYDOCK_EVIDENCE_LOG_NAME: evidenceLogName,
  DRYDOCK_EVIDENCE_POST_QUANTUM_KEY_ID: 'none',
  DRYDOCK_FINDINGS_QUEUE_URL: outputs.FindingsQueueUrl,
  DRYDOCK_REFUSALS_QUEUE_URL: outputs.RefusalsQueueUrl,
  DRYDOCK_DEAD_LETTERS_QUEUE_URL: outputs.DeadLettersQueueUrl,
  DRYDOCK_ENRICH_QUEUE_URL: outputs.EnrichQueueUrl,
  DRYDOCK_ASSESS_QUEUE_URL: outputs.AssessQueueUrl,
  DRYDOCK_DISPATCH_QUEUE_URL: outputs.DispatchQueueUrl,
  DRYDOCK_ARCHIVE_QUEUE_URL: outputs.ArchiveQueueUrl,
  DRYDOCK_CHANGE_MACHINE_ARN: outputs.ChangeMachineArn,
})

const SesMessages = z.object({
  messages: z.record(
    z.string(),
    z.array(
      z.object({
        To: z.array(z.string()),
        Subject: z.string(),
        BodyText: z.string().default(''),
        BodyHtml: z.string().default(''),
      }),
    ),
  ),
})

async function mailsOf(endpoint: string): Promise<readonly InboxMail[]> {
  const response = await fetch(`${endpoint}/_ministack/ses/messages?account=${localAccount}`, {
    signal: AbortSignal.timeout(5_000),
  })
  const { messages } = SesMessages.parse(await response.json())
  return (messages[localAccount] ?? []).map((mail) => ({
    to: mail.To.join(', '),
    subject: mail.Subject,
    text: mail.BodyText,
    html: mail.BodyHtml,
  }))
}

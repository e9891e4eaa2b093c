/** Deploys the stack of the CDK app on the emulator, as CloudFormation gets it: the same stack that goes to AWS. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import * as z from 'zod'
import { DrydockError } from '../functions/kit/errors.ts'
import { inParallel } from '../functions/kit/in-parallel.ts'
import { type LocalAddresses, localAssembly, type Spokes, withAddresses } from './assembly.ts'
import { zipOf } from './zip.ts'

export const hubStackName = 'DrydockHub'

export const HubOutputs = z.object({
  LedgerTable: z.string(),
  EvidenceBucket: z.string(),
  FeedsBucket: z.string(),
  EvidenceKeyId: z.string(),
  ChangeMachineArn: z.string(),
  FindingsQueueUrl: z.string(),
  DeadLettersQueueUrl: z.string(),
  EnrichQueueUrl: z.string(),
  AssessQueueUrl: z.string(),
  DispatchQueueUrl: z.string(),
  ArchiveQueueUrl: z.string(),
  RefusalsQueueUrl: z.string(),
  SyncAssetsFunction: z.string(),
  RefreshFeedFunction: z.string(),
  ReconcileFunction: z.string(),
  ArchiveFunction: z.string(),
  ConsoleUrl: z.string(),
})
export type HubOutputs = z.infer<typeof HubOutputs>

/** Settings of an SDK client of the emulator. */
export interface ClientSettings {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** Brings the hub onto the emulator; returns its outputs. */
export type Deploy = (settings: ClientSettings, addresses: LocalAddresses, spokes: Spokes) => Promise<HubOutputs>

/** Of the manifest that the CDK CLI reads when it uploads. */
const AssetManifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string(), packaging: z.enum(['zip', 'file']) }),
      destinations: z.record(z.string(), z.object({ bucketName: z.string(), objectKey: z.string() })),
    }),
  ),
})

const uploadsAtOnce = 4
const lookMs = 100
const deployMsMax = 300_000

function zipOfDirectory(directory: string): Buffer {
  const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return zipOf(paths.map((path) => ({ path: path.slice(directory.length + 1), bytes: readFileSync(path) })))
}

/** Puts every asset where the template looks for it; returns the key of the template, with its addresses, in the bucket. */
async function upload(
  assembly: string,
  addresses: LocalAddresses,
  buckets: S3Client,
): Promise<{ Bucket: string; Key: string }> {
  const manifest = AssetManifest.parse(JSON.parse(readFileSync(join(assembly, `${hubStackName}.assets.json`), 'utf8')))
  const assets = Object.values(manifest.files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ bucketName, objectKey }) => ({ source, Bucket: bucketName, Key: objectKey })),
  )
  for (const Bucket of new Set(assets.map((asset) => asset.Bucket)))
    await buckets.send(new CreateBucketCommand({ Bucket }))
  const contentOf = ({ path, packaging }: (typeof assets)[number]['source']) =>
    packaging === 'zip'
      ? zipOfDirectory(join(assembly, path))
      : withAddresses(readFileSync(join(assembly, path), 'utf8'), addresses)
  await inParallel(assets, uploadsAtOnce, ({ source, Bucket, Key }) =>
    buckets.send(new PutObjectCommand({ Bucket, Key, Body: contentOf(source) })),
  )
  const template = assets.find(({ source }) => source.path === `${hubStackName}.template.json`)
  if (template === undefined) throw new DrydockError('DD2420', `${assembly} has no template of ${hubStackName}`)
  return template
}

async function awaitStack(client: CloudFormationClient): Promise<Stack> {
  const end = Date.now() + deployMsMax
  for (;;) {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: hubStackName }))
    if (stack?.StackStatus === 'CREATE_COMPLETE') return stack
    if (stack?.StackStatus !== 'CREATE_IN_PROGRESS' || Date.now() > end)
      throw new DrydockError(
        'DD2420',
        `the stack ${hubStackName} is ${stack?.StackStatus ?? 'not there'}: ${stack?.StackStatusReason ?? 'no reason given'}; see .drydock/logs/ministack.log`,
      )
    await new Promise((done) => setTimeout(done, lookMs))
  }
}

/**
 * Creates the hub's stack from its assembly, which was bootstrapped by nobody: what `cdk bootstrap` leaves behind is a
 * bucket and a version.
 *
 * @throws DrydockError DD2420 when CloudFormation refuses it or does not end.
 */
async function deployHub(assembly: string, addresses: LocalAddresses, settings: ClientSettings): Promise<HubOutputs> {
  const buckets = new S3Client({ ...settings, forcePathStyle: true })
  const { Bucket, Key } = await upload(assembly, addresses, buckets)
  await new SSMClient(settings).send(
    new PutParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version', Value: '30', Type: 'String' }),
  )
  const client = new CloudFormationClient(settings)
  await client.send(
    new CreateStackCommand({
      StackName: hubStackName,
      TemplateURL: `${settings.endpoint}/${Bucket}/${Key}`,
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    }),
  )
  const { Outputs = [] } = await awaitStack(client)
  return HubOutputs.parse(Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])))
}

/** Deploys an assembly that begins to be made now, unless it is there, beside the emulator's start. */
export function deployFromAssembly(spokes: Spokes): Deploy {
  const assembly = localAssembly(spokes)
  // Where it fails, the deployment says so.
  assembly.catch(() => undefined)
  return async (settings, addresses) => deployHub(await assembly, addresses, settings)
}

/** Deploys the CDK app on the emulator with the CDK CLI: the same stacks that go to AWS. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import type { Fleet } from '../simulator/fleet/fleet.ts'
import { localAccount, localRegion } from '../simulator/local-account.ts'
import { projectRoot, runProgram, workDirectory } from '../tools/processes.ts'
import { emulatorEnvironment } from './emulator.ts'

const cdkCli = join(projectRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk')

/** Each step of the CDK CLI takes seconds; on a machine that does much else it may take minutes, and is no fault then. */
const stepMsMax = 900_000

export const HubOutputs = z.object({
  DrydockHub: z.object({
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
  }),
})
export type HubOutputs = z.infer<typeof HubOutputs>['DrydockHub']

export interface DeployInput {
  readonly endpoint: string
  readonly ssmEndpoint: string
  /** Accounts of the fleet besides the hub's. */
  readonly spokes: Fleet['sessions']['spokes']
  readonly consoleUrl: string
  readonly feeds: { readonly kev: string; readonly epss: string; readonly vulnrichment: string }
}

/** Bootstraps and deploys the hub; returns its outputs. */
export async function deployHub({
  endpoint,
  ssmEndpoint,
  spokes,
  consoleUrl,
  feeds,
}: DeployInput): Promise<HubOutputs> {
  const environment = {
    ...emulatorEnvironment(endpoint),
    // The CLI runs the app by the node on PATH, which may be older than the one that runs us.
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    CDK_DISABLE_CLI_TELEMETRY: '1',
    CDK_DEFAULT_ACCOUNT: localAccount,
    CDK_DEFAULT_REGION: localRegion,
  }
  const context = {
    target: 'local',
    region: localRegion,
    organizationId: 'o-localcloud00',
    retention: { mode: 'governance', days: 1 },
    // The emulator's KMS has no ML-DSA keys: checkpoints of the local cloud carry the Ed25519 signature alone.
    evidence: { postQuantum: false },
    mailSender: 'drydock@example.com',
    alarmEmail: 'operations@example.com',
    consoleSignIn: { kind: 'iam' },
    consoleUrl,
    ssmEndpoint,
    feeds,
    spokes,
  }
  const assembly = join(workDirectory, 'cdk.out')
  const outputsFile = join(workDirectory, 'outputs.json')
  const cdk = (args: readonly string[], logName: string, timeoutMs: number) =>
    runProgram(
      {
        command: process.execPath,
        arguments: [cdkCli, ...args, '--no-notices', '--no-version-reporting', '--ci'],
        environment,
        logName,
      },
      timeoutMs,
    )
  const drydock = `drydock=${JSON.stringify(context)}`
  await Promise.all([
    cdk(['bootstrap', `aws://${localAccount}/${localRegion}`, '--app', ''], 'cdk-bootstrap', stepMsMax),
    cdk(['synth', '--quiet', '--context', drydock, '--output', assembly], 'cdk-synth', stepMsMax),
  ])
  await cdk(
    [
      'deploy',
      'DrydockHub',
      '--app',
      assembly,
      '--require-approval',
      'never',
      '--method',
      'direct',
      '--outputs-file',
      outputsFile,
    ],
    'cdk-deploy',
    stepMsMax,
  )
  return HubOutputs.parse(JSON.parse(readFileSync(outputsFile, 'utf8'))).DrydockHub
}

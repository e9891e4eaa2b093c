/** Run Command by SSM. */
import {
  CancelCommandCommand,
  CommandFilterKey,
  type CommandInvocation,
  type CommandPlugin,
  GetCommandInvocationCommand,
  paginateListCommandInvocations,
  paginateListCommands,
  SendCommandCommand,
  type SSMClient,
  SSMServiceException,
} from '@aws-sdk/client-ssm'
import type {
  CommandIntent,
  Commands,
  Invocation,
  InvocationStatus,
  SendResult,
  SpokeAccess,
} from '../rollout/ports.ts'
import { type Clients, versionInSpoke } from './spoke-access.ts'

const commentOf = (intentId: string) => `drydock:${intentId}`
const ofComment = (comment = '') =>
  comment.startsWith(commentOf('')) ? comment.slice(commentOf('').length) : undefined
/** Minutes by which SSM's clock may be behind ours. */
const clocksMinutes = 5

/** An instant to the second, as the filter of ListCommands has it. */
const secondOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

/**
 * `StatusDetails` separates what `Status` lumps together,
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
const statuses: ReadonlyMap<string, InvocationStatus> = new Map(
  Object.entries<InvocationStatus>({
    Pending: 'Pending',
    InProgress: 'InProgress',
    Delayed: 'Delayed',
    Success: 'Success',
    Failed: 'Failed',
    Cancelled: 'Cancelled',
    Cancelling: 'Cancelling',
    'Delivery Timed Out': 'DeliveryTimedOut',
    DeliveryTimedOut: 'DeliveryTimedOut',
    'Execution Timed Out': 'ExecutionTimedOut',
    ExecutionTimedOut: 'ExecutionTimedOut',
    TimedOut: 'ExecutionTimedOut',
    Undeliverable: 'Undeliverable',
    Terminated: 'Terminated',
    InvalidPlatform: 'InvalidPlatform',
    AccessDenied: 'AccessDenied',
  }),
)

type Refusal = Extract<SendResult, { refused: string }>['refused']
const refusals: ReadonlyMap<string, Refusal> = new Map(
  Object.entries<Refusal>({
    ThrottlingException: 'throttled',
    RateExceeded: 'throttled',
    InvalidDocument: 'hash-mismatch',
    InvalidDocumentVersion: 'hash-mismatch',
    InvalidParameters: 'invalid-document',
    ValidationException: 'invalid-document',
    InvalidInstanceId: 'invalid-instance',
  }),
)

/** The step of our documents that prints the result; the Windows install has others before it. */
const resultStep = 'runStep'

/** Characters that ListCommandInvocations gives of an output; GetCommandInvocation gives 24,000. */
const listedOutputMax = 2_500

/** The clients that send, list and cancel a command, by where it goes. */
export type ClientsFor = (access: SpokeAccess | undefined) => Clients

/** One client for everything, for tests. */
export const oneClient =
  (client: SSMClient): ClientsFor =>
  () => ({ client, sender: client, isSpoke: false })

/**
 * Run Command in the hub's account and in its spokes.
 * @param outputBucket where SSM puts the whole output of each command.
 */
export function ssmCommands(clients: ClientsFor, outputBucket: string): Commands {
  return {
    send: (intent) => send(clients, outputBucket, intent),
    async find({ intentIds, documents, sinceMs }, access) {
      const { client } = clients(access)
      const left = new Set(intentIds)
      const found = new Map<string, string>()
      for (const document of documents) {
        const filters = [
          { key: CommandFilterKey.DOCUMENT_NAME, value: document },
          { key: CommandFilterKey.INVOKED_AFTER, value: secondOf(sinceMs - clocksMinutes * 60_000) },
        ]
        for await (const { Commands: commands = [] } of paginateListCommands(
          { client, pageSize: 50 },
          { Filters: filters },
        )) {
          for (const { Comment, CommandId } of commands) {
            const intentId = ofComment(Comment)
            if (CommandId && intentId !== undefined && left.delete(intentId)) found.set(intentId, CommandId)
          }
          if (left.size === 0) return found
        }
      }
      return found
    },
    async invocations(commandId, access) {
      const { client } = clients(access)
      const found: Invocation[] = []
      for await (const page of paginateListCommandInvocations(
        { client, pageSize: 50 },
        { CommandId: commandId, Details: true },
      ))
        found.push(...(page.CommandInvocations ?? []).map(invocationOf))
      return Promise.all(found.map((invocation) => withWholeOutput(client, commandId, invocation)))
    },
    async cancel(commandId, access) {
      await clients(access).client.send(new CancelCommandCommand({ CommandId: commandId }))
    },
  }
}

/** SendCommand has no idempotency token: the SDK may not repeat it, the dispatcher looks for the comment instead. */
async function send(clients: ClientsFor, outputBucket: string, intent: CommandIntent): Promise<SendResult> {
  try {
    const { client, sender, isSpoke } = clients(intent.access)
    const version = isSpoke ? await versionInSpoke(client, intent.document) : intent.document.version
    if (version === undefined)
      return {
        refused: 'hash-mismatch',
        detail: `${intent.document.name} has different content in ${intent.access?.account}`,
      }
    const { Command } = await sender.send(
      new SendCommandCommand({
        DocumentName: intent.document.name,
        DocumentVersion: version,
        DocumentHash: intent.document.hash,
        DocumentHashType: 'Sha256',
        Comment: commentOf(intent.intentId),
        InstanceIds: [...intent.hostIds],
        Parameters: Object.fromEntries(Object.entries(intent.parameters).map(([name, values]) => [name, [...values]])),
        TimeoutSeconds: Math.max(30, intent.timeoutSeconds),
        // Our own budgets decide; AWS's would blindly stop the rest of a batch.
        MaxConcurrency: '100%',
        MaxErrors: '100%',
        OutputS3BucketName: outputBucket,
        OutputS3KeyPrefix: `commands/${intent.intentId}`,
      }),
    )
    return Command?.CommandId
      ? { commandId: Command.CommandId }
      : { refused: 'unavailable', detail: 'SSM gave no command id' }
  } catch (error) {
    if (!(error instanceof SSMServiceException))
      return { refused: 'unavailable', detail: error instanceof Error ? error.message : String(error) }
    return { refused: refusals.get(error.name) ?? 'unavailable', detail: `${error.name}: ${error.message}` }
  }
}

async function withWholeOutput(client: SSMClient, commandId: string, invocation: Invocation): Promise<Invocation> {
  if (invocation.output.length < listedOutputMax) return invocation
  const whole = await client.send(
    new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: invocation.hostId, PluginName: resultStep }),
  )
  return { ...invocation, output: whole.StandardOutputContent ?? invocation.output }
}

/** The step that printed the result; if none did, one that failed. Their order in the answer is not documented. */
const tellingStep = (plugins: readonly CommandPlugin[]): CommandPlugin | undefined =>
  plugins.find(({ Name, Output }) => Name === resultStep && Output && !Output.startsWith('Step execution skipped')) ??
  plugins.find(({ ResponseCode = 0 }) => ResponseCode > 0) ??
  plugins.at(-1)

function invocationOf({
  InstanceId = '',
  Status,
  StatusDetails,
  CommandPlugins,
  StandardOutputUrl,
  Comment,
}: CommandInvocation): Invocation {
  const plugin = tellingStep(CommandPlugins ?? [])
  const intentId = ofComment(Comment)
  return {
    hostId: InstanceId,
    ...(intentId === undefined ? {} : { intentId }),
    status: statuses.get(StatusDetails ?? '') ?? statuses.get(Status ?? '') ?? 'InProgress',
    exitCode: plugin?.ResponseCode ?? -1,
    output: plugin?.Output ?? '',
    ...(plugin?.ResponseStartDateTime ? { startedAt: plugin.ResponseStartDateTime.toISOString() } : {}),
    ...(plugin?.ResponseFinishDateTime ? { endedAt: plugin.ResponseFinishDateTime.toISOString() } : {}),
    ...(StandardOutputUrl ? { outputLocation: StandardOutputUrl } : {}),
  }
}

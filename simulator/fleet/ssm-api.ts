/** SSM's JSON 1.1 answers over the fleet: shapes, limits and errors as the API reference gives them. */

import * as z from 'zod'
import { tableOf } from '../../functions/kit/table.ts'
import { faultsOf, isModelled } from '../aws-models/faults-of.ts'
import { type Answer, fail, type Operation, ok, paged } from './answer.ts'
import {
  commandStatus,
  errorsOf,
  isRunning,
  outputKeyOf,
  type SimulatedCommand,
  type SimulatedInvocation,
} from './commands.ts'
import { coarseStatus } from './events.ts'
import type { Fleet } from './fleet.ts'
import { hubAccount } from './model.ts'
import { documentOperations } from './ssm-documents.ts'
import { nodeOperations } from './ssm-nodes.ts'

const Send = z.looseObject({
  DocumentName: z.string(),
  DocumentVersion: z.string().optional(),
  DocumentHash: z.string().optional(),
  Comment: z.string().default(''),
  Parameters: tableOf(z.array(z.string())).default({}),
  InstanceIds: z.array(z.string()).default([]),
  TimeoutSeconds: z.number().int().min(30).max(2_592_000).default(3600),
  MaxConcurrency: z
    .string()
    .regex(/^([1-9][0-9]*|[1-9][0-9]?%|100%)$/)
    .default('50'),
  MaxErrors: z
    .string()
    .regex(/^([0-9]+|[0-9]{1,2}%|100%)$/)
    .default('0'),
  OutputS3BucketName: z.string().min(3).max(63).optional(),
  OutputS3KeyPrefix: z.string().max(500).default(''),
})
const List = z.looseObject({
  CommandId: z.string().optional(),
  InstanceId: z.string().optional(),
  Details: z.boolean().default(false),
  NextToken: z.string().optional(),
  MaxResults: z.number().int().min(1).max(50).optional(),
  Filters: z.array(z.looseObject({ key: z.string(), value: z.string() })).default([]),
})
const One = z.looseObject({ CommandId: z.string(), InstanceId: z.string(), PluginName: z.string().optional() })
const Cancel = z.looseObject({ CommandId: z.string(), InstanceIds: z.array(z.string()).optional() })

const operations: Readonly<Record<string, Operation>> = {
  ...nodeOperations,
  ...documentOperations,
  SendCommand(fleet, input, nowMs, account) {
    const parsed = Send.parse(input)
    const answer = fleet.send(
      {
        account,
        documentName: parsed.DocumentName,
        documentVersion: parsed.DocumentVersion ?? '',
        ...(parsed.DocumentHash === undefined ? {} : { documentHash: parsed.DocumentHash }),
        comment: parsed.Comment,
        parameters: parsed.Parameters,
        hostIds: parsed.InstanceIds,
        timeoutSeconds: parsed.TimeoutSeconds,
        concurrencyMax: parsed.MaxConcurrency,
        errorsMax: parsed.MaxErrors,
        ...(parsed.OutputS3BucketName === undefined
          ? {}
          : { output: { bucket: parsed.OutputS3BucketName, prefix: parsed.OutputS3KeyPrefix } }),
      },
      nowMs,
    )
    return 'error' in answer ? fail(answer.error, answer.message) : ok({ Command: commandBody(answer.command) })
  },
  ListCommands(fleet, input, _, account) {
    const { CommandId, InstanceId, NextToken, MaxResults, Filters } = List.parse(input)
    const all = fleet
      .commandsOf(account)
      .filter((command) => CommandId === undefined || command.commandId === CommandId)
      .filter(({ invocations }) => InstanceId === undefined || invocations.some(({ hostId }) => hostId === InstanceId))
      .filter((command) => Filters.every(({ key, value }) => passes(command, key, value)))
      .toReversed()
    return paged('Commands', all.map(commandBody), NextToken, MaxResults)
  },
  ListCommandInvocations(fleet, input, _, account) {
    const { CommandId, InstanceId, Details, NextToken, MaxResults } = List.parse(input)
    const own = fleet.commandsOf(account)
    if (CommandId !== undefined && !own.some(({ commandId }) => commandId === CommandId))
      return fail('InvalidCommandId', '')
    const all = own
      .filter(({ commandId }) => CommandId === undefined || commandId === CommandId)
      .flatMap((command) => command.invocations.map((invocation) => ({ command, invocation })))
      .filter(({ invocation }) => InstanceId === undefined || invocation.hostId === InstanceId)
      .map(({ command, invocation }) => invocationBody(command, invocation, Details))
    return paged('CommandInvocations', all, NextToken, MaxResults)
  },
  GetCommandInvocation(fleet, input, _, account) {
    const { CommandId, InstanceId, PluginName } = One.parse(input)
    const command = fleet.commands.get(CommandId)
    if (command?.account !== account) return fail('InvalidCommandId', '')
    if (PluginName !== undefined && PluginName !== 'runStep') return fail('InvalidPluginName', '')
    const invocation = command.invocations.find(({ hostId }) => hostId === InstanceId)
    return invocation ? ok(oneBody(command, invocation)) : fail('InvocationDoesNotExist', '')
  },
  CancelCommand(fleet, input, _, account) {
    const { CommandId } = Cancel.parse(input)
    if (fleet.commands.get(CommandId)?.account !== account) return fail('InvalidCommandId', '')
    fleet.cancel(CommandId)
    return ok({})
  },
}

/**
 * Answers one call; what AWS's models do not allow is refused as AWS refuses it, and what is not a call of Drydock's by
 * name.
 *
 * @throws Error where the simulator's own answer is one that AWS's models do not have.
 */
export function answerSsm(
  fleet: Fleet,
  operation: string,
  input: unknown,
  nowMs: number,
  account = hubAccount,
): Answer {
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined
  if (!run || !isModelled('ssm', operation))
    return fail('UnknownOperationException', `the fleet simulator has no ${operation}`)
  const faults = faultsOf('ssm', operation, input, 'request')
  if (faults.length > 0) return fail('ValidationException', faults.join('; '))
  const answer = answerOf(run, operation, fleet, input, nowMs, account)
  const impossible = answer.status === 200 ? faultsOf('ssm', operation, answer.body, 'answer') : []
  if (impossible.length > 0) throw new Error(`AWS would never answer so: ${impossible.join('; ')}`)
  return answer
}

function answerOf(
  run: Operation,
  operation: string,
  fleet: Fleet,
  input: unknown,
  nowMs: number,
  account: string,
): Answer {
  // Sends are counted where they are taken, so that the port in process meets the same limit.
  if (operation !== 'SendCommand' && !fleet.throttle.take(operation, nowMs))
    return fail('ThrottlingException', 'Rate exceeded')
  try {
    return run(fleet, input, nowMs, account)
  } catch (error) {
    if (error instanceof z.ZodError) return fail('ValidationException', z.prettifyError(error))
    throw error
  }
}

function passes(command: SimulatedCommand, key: string, value: string): boolean {
  if (key === 'DocumentName') return command.documentName === value
  if (key === 'Status') return commandStatus(command).status === value
  if (key === 'InvokedAfter') return command.requestedAtMs > Date.parse(value)
  if (key === 'InvokedBefore') return command.requestedAtMs < Date.parse(value)
  return true
}

const seconds = (ms: number) => ms / 1000
const isoSeconds = (ms: number | undefined) => (ms === undefined ? '' : new Date(ms).toISOString())

function commandBody(command: SimulatedCommand) {
  const { status, details } = commandStatus(command)
  return {
    CommandId: command.commandId,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    Parameters: command.parameters,
    InstanceIds: command.invocations.map(({ hostId }) => hostId),
    Targets: [],
    RequestedDateTime: seconds(command.requestedAtMs),
    ExpiresAfter: seconds(command.requestedAtMs) + command.timeoutSeconds,
    Status: status,
    StatusDetails: details,
    MaxConcurrency: command.concurrencyMax,
    MaxErrors: command.errorsMax,
    TargetCount: command.invocations.length,
    CompletedCount: command.invocations.filter((invocation) => !isRunning(invocation)).length,
    ErrorCount: errorsOf(command),
    DeliveryTimedOutCount: command.invocations.filter(({ status: one }) => one === 'DeliveryTimedOut').length,
  }
}

/** `StatusDetails` tells what `Status` lumps together; output comes only with `Details`. */
function invocationBody(command: SimulatedCommand, invocation: SimulatedInvocation, hasDetails: boolean) {
  const { status, hostId } = invocation
  const { output, commandId } = command
  return {
    CommandId: command.commandId,
    InstanceId: invocation.hostId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    RequestedDateTime: seconds(command.requestedAtMs),
    Status: coarseStatus(status),
    StatusDetails: status,
    StandardOutputUrl: output
      ? `https://s3.eu-central-1.amazonaws.com/${output.bucket}/${outputKeyOf(commandId, hostId, output)}`
      : '',
    StandardErrorUrl: '',
    CommandPlugins: hasDetails
      ? [
          {
            Name: 'runStep',
            Status: coarseStatus(status),
            StatusDetails: status,
            ResponseCode: invocation.exitCode,
            ...(invocation.startedAtMs === undefined ? {} : { ResponseStartDateTime: seconds(invocation.startedAtMs) }),
            ...(invocation.endedAtMs === undefined ? {} : { ResponseFinishDateTime: seconds(invocation.endedAtMs) }),
            Output: invocation.output.slice(0, 2_500),
          },
        ]
      : [],
  }
}

function oneBody(command: SimulatedCommand, invocation: SimulatedInvocation) {
  const { status, startedAtMs, endedAtMs } = invocation
  return {
    CommandId: command.commandId,
    InstanceId: invocation.hostId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    PluginName: 'runStep',
    ResponseCode: invocation.exitCode,
    ExecutionStartDateTime: isoSeconds(startedAtMs),
    ExecutionEndDateTime: isoSeconds(endedAtMs),
    ...(startedAtMs !== undefined && endedAtMs !== undefined
      ? { ExecutionElapsedTime: `PT${(endedAtMs - startedAtMs) / 1000}S` }
      : {}),
    Status: coarseStatus(status),
    StatusDetails: status,
    StandardOutputContent: invocation.output.slice(0, 24_000),
    StandardErrorContent: '',
  }
}

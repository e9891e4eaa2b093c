/** SSM's JSON 1.1 answers over the fleet: shapes, limits and errors as the API reference gives them. */
import * as z from 'zod'
import type { Fleet, SimulatedCommand, SimulatedInvocation } from './fleet.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

const ok = (body: unknown): Answer => ({ status: 200, body })
const fail = (type: string, message: string, status = 400): Answer => ({ status, body: { __type: type, message } })

const Send = z.looseObject({
  DocumentName: z.string(),
  DocumentVersion: z.string().optional(),
  DocumentHash: z.string().optional(),
  Comment: z.string().default(''),
  Parameters: z.record(z.string(), z.array(z.string())).default({}),
  InstanceIds: z.array(z.string()).default([]),
  TimeoutSeconds: z.number().min(1).default(3600),
})
const List = z.looseObject({
  CommandId: z.string().optional(),
  InstanceId: z.string().optional(),
  NextToken: z.string().optional(),
  MaxResults: z.number().optional(),
  Filters: z.array(z.looseObject({ key: z.string(), value: z.string() })).optional(),
})
const Inventory = z.looseObject({
  ResultAttributes: z.array(z.looseObject({ TypeName: z.string() })).default([]),
  Filters: z.array(z.looseObject({ Key: z.string(), Values: z.array(z.string()) })).default([]),
  NextToken: z.string().optional(),
})
const Named = z.looseObject({ Name: z.string() })
const pageSize = 50

const operations: Readonly<Record<string, (fleet: Fleet, input: unknown, nowMs: number) => Answer>> = {
  SendCommand(fleet, input, nowMs) {
    const parsed = Send.safeParse(input)
    if (!parsed.success) return fail('ValidationException', z.prettifyError(parsed.error))
    const { DocumentName, DocumentVersion, DocumentHash, Comment, Parameters, InstanceIds, TimeoutSeconds } =
      parsed.data
    const answer = fleet.send(
      {
        documentName: DocumentName,
        documentVersion: DocumentVersion ?? '',
        ...(DocumentHash === undefined ? {} : { documentHash: DocumentHash }),
        comment: Comment,
        parameters: Parameters,
        hostIds: InstanceIds,
        timeoutSeconds: TimeoutSeconds,
      },
      nowMs,
    )
    return 'error' in answer ? fail(answer.error, answer.message) : ok({ Command: commandBody(answer.command) })
  },
  ListCommands(fleet, input) {
    const { CommandId, NextToken } = List.parse(input)
    const all = [...fleet.commands.values()]
      .filter(({ commandId }) => CommandId === undefined || commandId === CommandId)
      .toReversed()
    return ok(paged('Commands', all.map(commandBody), NextToken))
  },
  ListCommandInvocations(fleet, input) {
    const { CommandId, InstanceId, NextToken } = List.parse(input)
    const commands = [...fleet.commands.values()].filter(
      ({ commandId }) => CommandId === undefined || commandId === CommandId,
    )
    if (CommandId !== undefined && commands.length === 0)
      return fail('InvalidCommandId', `Command ${CommandId} does not exist`)
    const all = commands.flatMap((command) =>
      command.invocations
        .filter(({ hostId }) => InstanceId === undefined || hostId === InstanceId)
        .map((invocation) => invocationBody(command, invocation)),
    )
    return ok(paged('CommandInvocations', all, NextToken))
  },
  CancelCommand(fleet, input) {
    fleet.cancel(List.parse(input).CommandId ?? '')
    return ok({})
  },
  DescribeInstanceInformation(fleet, input) {
    const { NextToken } = List.parse(input)
    const all = fleet.describeNodes().map((node) => ({
      InstanceId: node.hostId,
      PingStatus: node.isOnline ? 'Online' : 'ConnectionLost',
      AgentVersion: node.agentVersion,
      PlatformType: 'Linux',
      PlatformName: node.platformName,
      PlatformVersion: '22.04',
      ResourceType: 'EC2Instance',
      LastPingDateTime: 1_790_000_000,
    }))
    return ok(paged('InstanceInformationList', all, NextToken))
  },
  GetInventory(fleet, input) {
    const { ResultAttributes, Filters, NextToken } = Inventory.parse(input)
    const type = ResultAttributes[0]?.TypeName ?? 'AWS:InstanceInformation'
    const names = Filters.find(({ Key }) => Key === 'AWS:Application.Name')?.Values
    const all = fleet
      .describeNodes()
      .filter((node) => names === undefined || names.some((name) => name in node.packages))
      .map((node) => ({
        Id: node.hostId,
        Data: {
          [type]: {
            TypeName: type,
            SchemaVersion: '1.0',
            CaptureTime: '2026-01-01T00:00:00Z',
            Content: contentOf(node, type),
          },
        },
      }))
    return ok(paged('Entities', all, NextToken))
  },
  DescribeDocument(fleet, input) {
    const document = fleet.documents.get(Named.parse(input).Name)
    if (!document) return fail('InvalidDocument', 'The specified document does not exist.')
    return ok({
      Document: {
        Name: document.name,
        DocumentVersion: document.version,
        DefaultVersion: document.version,
        LatestVersion: document.version,
        Hash: document.hash,
        HashType: 'Sha256',
        Status: 'Active',
        DocumentType: 'Command',
      },
    })
  },
  GetCalendarState: () => ok({ State: 'OPEN', AtTime: '2026-01-01T00:00:00Z' }),
}

export function answerSsm(fleet: Fleet, operation: string, input: unknown, nowMs: number): Answer {
  const run = operations[operation]
  return run ? run(fleet, input, nowMs) : fail('UnknownOperationException', `the fleet simulator has no ${operation}`)
}

function paged(name: string, all: readonly unknown[], token: string | undefined) {
  const start = Number(token ?? 0)
  const end = start + pageSize
  return { [name]: all.slice(start, end), ...(end < all.length ? { NextToken: String(end) } : {}) }
}

function contentOf(
  node: { readonly tags: Readonly<Record<string, string>>; readonly packages: Readonly<Record<string, string>> },
  type: string,
) {
  if (type === 'AWS:Tag') return Object.entries(node.tags).map(([Key, Value]) => ({ Key, Value }))
  if (type === 'AWS:Application')
    return Object.entries(node.packages).map(([Name, Version]) => ({ Name, Version, Architecture: 'amd64' }))
  return []
}

const seconds = (ms: number) => ms / 1000
const isRunning = ({ status }: SimulatedInvocation) => status === 'Pending' || status === 'InProgress'

/** The parent command says Success although invocations were never delivered: AWS does not count them as errors. */
function commandBody(command: SimulatedCommand) {
  const failed = command.invocations.filter(
    ({ status }) => status === 'Failed' || status === 'ExecutionTimedOut',
  ).length
  const status = command.invocations.some(isRunning) ? 'InProgress' : failed > 0 ? 'Failed' : 'Success'
  return {
    CommandId: command.commandId,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    Parameters: command.parameters,
    InstanceIds: command.invocations.map(({ hostId }) => hostId),
    RequestedDateTime: seconds(command.requestedAtMs),
    Status: status,
    StatusDetails: status,
    TargetCount: command.invocations.length,
    CompletedCount: command.invocations.filter((invocation) => !isRunning(invocation)).length,
    ErrorCount: failed,
  }
}

/** `StatusDetails` tells what `Status` lumps together. */
function invocationBody(command: SimulatedCommand, invocation: SimulatedInvocation) {
  const coarse = { DeliveryTimedOut: 'TimedOut', ExecutionTimedOut: 'TimedOut', Undeliverable: 'Failed' } as const
  const { status } = invocation
  return {
    CommandId: command.commandId,
    InstanceId: invocation.hostId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    RequestedDateTime: seconds(command.requestedAtMs),
    Status:
      status === 'DeliveryTimedOut' || status === 'ExecutionTimedOut' || status === 'Undeliverable'
        ? coarse[status]
        : status,
    StatusDetails: status,
    CommandPlugins: [
      {
        Name: 'run',
        Status: status,
        StatusDetails: status,
        ResponseCode: invocation.exitCode,
        ...(invocation.startedAtMs === undefined ? {} : { ResponseStartDateTime: seconds(invocation.startedAtMs) }),
        ...(invocation.endedAtMs === undefined ? {} : { ResponseFinishDateTime: seconds(invocation.endedAtMs) }),
        Output: invocation.output,
      },
    ],
  }
}

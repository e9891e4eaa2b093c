/** Run Command straight from the fleet simulator, without HTTP between; passes the same contract as SSM's. */
import type { Clock } from '../../functions/kit/ports.ts'
import type { Commands, Invocation, SendResult } from '../../functions/rollout/ports.ts'
import type { SimulatedInvocation } from '../fleet/commands.ts'
import type { Fleet } from '../fleet/fleet.ts'

const iso = (ms: number) => new Date(ms).toISOString()
const commentOf = (intentId: string) => `drydock:${intentId}`

const refusals: Readonly<Record<string, Extract<SendResult, { refused: string }>['refused']>> = {
  ThrottlingException: 'throttled',
  InvalidDocument: 'hash-mismatch',
  InvalidDocumentVersion: 'hash-mismatch',
  InvalidInstanceId: 'invalid-instance',
}

const invocationOf = (invocation: SimulatedInvocation): Invocation => {
  const { hostId, status, exitCode, output, startedAtMs, endedAtMs } = invocation
  return {
    hostId,
    status,
    exitCode,
    output,
    ...(startedAtMs === undefined ? {} : { startedAt: iso(startedAtMs) }),
    ...(endedAtMs === undefined ? {} : { endedAt: iso(endedAtMs) }),
  }
}

export function fleetCommands(fleet: Fleet, clock: Clock): Commands {
  return {
    async send({ intentId, document, parameters, hostIds, timeoutSeconds, access }) {
      const answer = fleet.send(
        {
          documentName: document.name,
          documentVersion: document.version,
          documentHash: document.hash,
          ...(access ? { account: access.account } : {}),
          comment: commentOf(intentId),
          parameters,
          hostIds,
          timeoutSeconds,
          concurrencyMax: '100%',
          errorsMax: '100%',
        },
        clock.nowMs(),
      )
      if ('command' in answer) return { commandId: answer.command.commandId }
      return { refused: refusals[answer.error] ?? 'invalid-document', detail: `${answer.error}: ${answer.message}` }
    },
    find: async ({ intentIds, documents, sinceMs }) => {
      const sought = [...fleet.commands.values()].filter(
        ({ documentName, requestedAtMs }) => documents.includes(documentName) && requestedAtMs >= sinceMs,
      )
      const byComment = new Map(sought.map(({ comment, commandId }) => [comment, commandId]))
      return new Map(
        intentIds.flatMap((intentId) => {
          const commandId = byComment.get(commentOf(intentId))
          return commandId === undefined ? [] : [[intentId, commandId] as const]
        }),
      )
    },
    invocations: async (commandId) => {
      const command = fleet.commands.get(commandId)
      const isOurs = command?.comment.startsWith(commentOf(''))
      const intentId = isOurs ? command?.comment.slice(commentOf('').length) : undefined
      return (command?.invocations ?? []).map((invocation) => ({
        ...invocationOf(invocation),
        ...(intentId === undefined ? {} : { intentId }),
      }))
    },
    cancel: async (commandId) => fleet.cancel(commandId),
  }
}

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
    find: async (intentId) =>
      [...fleet.commands.values()].find(({ comment }) => comment === commentOf(intentId))?.commandId,
    invocations: async (commandId) => fleet.commands.get(commandId)?.invocations.map(invocationOf) ?? [],
    cancel: async (commandId) => fleet.cancel(commandId),
  }
}

/** Run Command, nodes and documents straight from the fleet simulator, without HTTP between. */
import type { Nodes } from '../../functions/catalogue/index.ts'
import type { Clock } from '../../functions/kit/ports.ts'
import type { DocumentPins } from '../../functions/planning/index.ts'
import type { Commands, Invocation } from '../../functions/rollout/index.ts'
import type { Fleet, SimulatedInvocation } from '../fleet/fleet.ts'

const iso = (ms: number) => new Date(ms).toISOString()

const invocationOf = ({
  hostId,
  status,
  exitCode,
  output,
  startedAtMs,
  endedAtMs,
}: SimulatedInvocation): Invocation => ({
  hostId,
  status,
  exitCode,
  output,
  ...(startedAtMs === undefined ? {} : { startedAt: iso(startedAtMs) }),
  ...(endedAtMs === undefined ? {} : { endedAt: iso(endedAtMs) }),
})

export function fleetCommands(fleet: Fleet, clock: Clock): Commands {
  return {
    async send({ intentId, document, parameters, hostIds, timeoutSeconds }) {
      const answer = fleet.send(
        {
          documentName: document.name,
          documentVersion: document.version,
          documentHash: document.hash,
          comment: `drydock:${intentId}`,
          parameters,
          hostIds,
          timeoutSeconds,
        },
        clock.nowMs(),
      )
      if ('command' in answer) return { commandId: answer.command.commandId }
      return {
        refused:
          answer.error === 'InvalidDocument'
            ? 'hash-mismatch'
            : answer.error === 'InvalidInstanceId'
              ? 'invalid-instance'
              : 'invalid-document',
        detail: answer.message,
      }
    },
    find: async (intentId) =>
      [...fleet.commands.values()].find(({ comment }) => comment === `drydock:${intentId}`)?.commandId,
    invocations: async (commandId) => fleet.commands.get(commandId)?.invocations.map(invocationOf) ?? [],
    cancel: async (commandId) => fleet.cancel(commandId),
  }
}

export const fleetNodes = (fleet: Fleet): Nodes => ({
  all: async () =>
    fleet.describeNodes().map(({ hostId, platformName, agentVersion, isOnline, tags }) => ({
      hostId,
      platformName,
      platformType: 'Linux',
      agentVersion,
      isOnline,
      tags,
    })),
  installed: async (names) =>
    new Map(
      fleet
        .describeNodes()
        .map(({ hostId, packages }) => [
          hostId,
          Object.fromEntries(
            names.flatMap((name) => (packages[name] === undefined ? [] : [[name, packages[name] ?? '']])),
          ),
        ]),
    ),
})

export const fleetPins = (fleet: Fleet): DocumentPins => ({
  current: async (name) => {
    const document = fleet.documents.get(name)
    return document && { name, version: document.version, hash: document.hash }
  },
})

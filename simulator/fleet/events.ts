/** Run Command's events as EventBridge carries them; AWS sends both kinds, best effort. */
import type { BusEvent } from '../cloud.ts'
import { commandStatus, type FleetEvent, type SimulatedCommand, type SimulatedStatus } from './commands.ts'

const arnOf = (hostId: string) =>
  `arn:aws:${hostId.startsWith('mi-') ? 'ssm' : 'ec2'}:eu-central-1:123456789012:${hostId.startsWith('mi-') ? 'managed-instance' : 'instance'}/${hostId}`
const iso = (ms: number) => new Date(ms).toISOString()

/** Events and the `Status` field lump together what `StatusDetails` tells apart. */
export function coarseStatus(status: SimulatedStatus): string {
  if (status === 'DeliveryTimedOut' || status === 'ExecutionTimedOut') return 'TimedOut'
  if (
    status === 'Undeliverable' ||
    status === 'Terminated' ||
    status === 'InvalidPlatform' ||
    status === 'AccessDenied'
  )
    return 'Failed'
  return status
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html */
export function eventOf({ commandId, documentName, hostId, status, requestedAtMs }: FleetEvent): BusEvent {
  return {
    Source: 'aws.ssm',
    DetailType: 'EC2 Command Invocation Status-change Notification',
    Resources: [arnOf(hostId)],
    Detail: JSON.stringify({
      'command-id': commandId,
      'document-name': documentName,
      'instance-id': hostId,
      'requested-date-time': iso(requestedAtMs),
      status: coarseStatus(status),
    }),
  }
}

/** The parent command's own event, sent when its last invocation ends. */
export function commandEventOf(command: SimulatedCommand): BusEvent {
  return {
    Source: 'aws.ssm',
    DetailType: 'EC2 Command Status-change Notification',
    Resources: command.invocations.map(({ hostId }) => arnOf(hostId)),
    Detail: JSON.stringify({
      'command-id': command.commandId,
      'document-name': command.documentName,
      'expire-after': iso(command.requestedAtMs + command.timeoutSeconds * 1000),
      parameters: command.parameters,
      'requested-date-time': iso(command.requestedAtMs),
      status: commandStatus(command).status,
    }),
  }
}

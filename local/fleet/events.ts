/** Run Command's events as EventBridge carries them. */
import type { BusEvent } from '../cloud.ts'
import type { FleetEvent } from './fleet.ts'

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html */
export function eventOf({ commandId, documentName, hostId, status, atMs }: FleetEvent): BusEvent {
  return {
    Source: 'aws.ssm',
    DetailType: 'EC2 Command Invocation Status-change Notification',
    Resources: [`arn:aws:ec2:eu-central-1:123456789012:instance/${hostId}`],
    Detail: JSON.stringify({
      'command-id': commandId,
      'document-name': documentName,
      'instance-id': hostId,
      'requested-date-time': new Date(atMs).toISOString(),
      status,
    }),
  }
}

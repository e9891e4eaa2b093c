/** A queue for what could not be delivered, with an alarm on the first of it. */
import { Duration } from 'aws-cdk-lib'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { alarmOnFirst } from './alarm.ts'

export interface DeadLetterQueueProps {
  /** What a dead letter here means for people. */
  readonly deadLetterMeans: string
  readonly alarmAction: IAlarmAction
  /** 14 days, the most that SQS keeps, unless what lies here should go sooner. */
  readonly retentionPeriod?: Duration
}

export class DeadLetterQueue extends Construct {
  readonly queue: Queue

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id)
    this.queue = new Queue(this, 'Resource', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: props.retentionPeriod ?? Duration.days(14),
    })
    alarmOnFirst(this, 'Alarm', {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      means: `${props.deadLetterMeans} Runbook: docs/guides/runbook.md#dead-letters`,
      alarmAction: props.alarmAction,
    })
  }
}

/** A queue whose messages go to a watched dead-letter queue after five tries. */
import { Duration } from 'aws-cdk-lib'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { DeadLetterQueue } from './dead-letter-queue.ts'

export interface DrydockQueueProps {
  /** What a dead letter here means for people. */
  readonly deadLetterMeans: string
  readonly alarmAction: IAlarmAction
  /** At least six times the consumer's timeout, https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
  readonly visibilityTimeout: Duration
}

export class DrydockQueue extends Construct {
  readonly queue: Queue

  constructor(scope: Construct, id: string, { deadLetterMeans, alarmAction, visibilityTimeout }: DrydockQueueProps) {
    super(scope, id)
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', { deadLetterMeans, alarmAction })
    this.queue = new Queue(this, 'Resource', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      visibilityTimeout,
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: 5 },
    })
  }
}

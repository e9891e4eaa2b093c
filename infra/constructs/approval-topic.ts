/**
 * The topic for approvers who chose SNS: one subscription each, which lets through only what is meant for that person.
 */
import { Duration } from 'aws-cdk-lib'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import type { DrydockConfig } from '../config.ts'
import { alarmOnFirst } from './alarm.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'

export interface ApprovalTopicProps {
  readonly approvers: DrydockConfig['snsApprovers']
  readonly dataKey: IKey
  readonly alarmAction: IAlarmAction
}

export class ApprovalTopic extends Construct {
  readonly topic: Topic

  constructor(scope: Construct, id: string, { approvers, dataKey, alarmAction }: ApprovalTopicProps) {
    super(scope, id)
    this.topic = new Topic(this, 'Resource', { masterKey: dataKey, enforceSSL: true })
    if (approvers.length === 0) return
    const { queue: deadLetterQueue } = new DeadLetterQueue(this, 'Undelivered', {
      deadLetterMeans: 'A message to an approver was lost; reminder and escalation continue.',
      alarmAction,
      // What did not arrive holds a link and its code: time to look at it, no store of them.
      retentionPeriod: Duration.hours(1),
    })
    alarmOnFirst(this, 'UndeliveredAlarm', {
      metric: this.topic.metricNumberOfNotificationsFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
      means:
        'An approver was not reached by SNS; reminder and escalation continue. Guide: docs/guides/approvals.md#by-sns',
      alarmAction,
    })
    for (const { id: personId, protocol, endpoint } of approvers) {
      const props = {
        deadLetterQueue,
        // Nobody may see the link of another approver (2.1), so each subscription takes messages of one person only.
        filterPolicy: { approver: SubscriptionFilter.stringFilter({ allowlist: [personId] }) },
      }
      this.topic.addSubscription(
        protocol === 'email' ? new EmailSubscription(endpoint, props) : new UrlSubscription(endpoint, props),
      )
    }
  }
}

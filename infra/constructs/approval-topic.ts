/** The topic for approvers who chose SNS: one subscription each, which lets through only what is meant for that person. */
import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { DrydockConfig } from '../config.ts'

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
    const deadLetterQueue = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // What did not arrive holds a link and its code: time to look at it, no store of them.
      retentionPeriod: Duration.hours(1),
    })
    this.watch(alarmAction)
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

  private watch(alarmAction: IAlarmAction) {
    new Alarm(this, 'UndeliveredAlarm', {
      metric: this.topic.metricNumberOfNotificationsFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription:
        'An approver was not reached by SNS; the reminder and the escalation go on. Guide: docs/guides/approvals.md#by-sns',
    }).addAlarmAction(alarmAction)
  }
}

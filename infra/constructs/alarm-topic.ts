/** Where alarms go: a topic that CloudWatch may publish to, the people behind it, and a watch on what did not reach them. */
import { Stack } from 'aws-cdk-lib'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { DeadLetterQueue } from './dead-letter-queue.ts'

export interface AlarmTopicProps {
  readonly email: string
  /** Encrypts the topic; CloudWatch is let use it. */
  readonly key: IKey
}

export class AlarmTopic extends Construct {
  readonly topic: Topic
  readonly alarmAction: SnsAction

  constructor(scope: Construct, id: string, { email, key }: AlarmTopicProps) {
    super(scope, id)
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    this.topic = new Topic(this, 'Resource', { masterKey: key, enforceSSL: true })
    this.alarmAction = new SnsAction(this.topic)
    const { queue: deadLetterQueue } = new DeadLetterQueue(this, 'Undelivered', {
      deadLetterMeans: 'An alarm reached nobody.',
      alarmAction: this.alarmAction,
    })
    this.topic.addSubscription(new EmailSubscription(email, { deadLetterQueue }))
  }
}

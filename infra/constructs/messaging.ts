/** How events come in and move between stages: buses, rules, queues. */
import { Duration, Stack } from 'aws-cdk-lib'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnEventBusPolicy, EventBus, type EventPattern, type IEventBus, Rule } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { DrydockConfig } from '../config.ts'
import { accountArn } from './arns.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'
import { DrydockQueue } from './drydock-queue.ts'

export const findingPattern = {
  source: ['aws.inspector2', 'aws.securityhub'],
  detailType: ['Inspector2 Finding', 'Security Hub Findings - Imported', 'Findings Imported V2'],
} satisfies EventPattern

/** What `drydock findings import` sends besides; only the hub's own account may. */
const hubFindingPattern: EventPattern = {
  source: [...findingPattern.source, 'drydock.import'],
  detailType: [...findingPattern.detailType, 'Drydock Findings Imported'],
}

/** Our own commands, on a host where they have ended: a command that is on its way has nothing for the dispatcher. */
export const commandPattern = {
  source: ['aws.ssm'],
  detailType: ['EC2 Command Invocation Status-change Notification'],
  detail: {
    'document-name': [{ prefix: 'Drydock-' }],
    status: [{ 'anything-but': ['Pending', 'InProgress', 'Delayed', 'Cancelling'] }],
  },
} satisfies EventPattern

export class Messaging extends Construct {
  readonly bus: EventBus
  readonly findings: DrydockQueue
  readonly enrich: DrydockQueue
  readonly assess: DrydockQueue
  readonly dispatch: DrydockQueue
  readonly archive: DrydockQueue
  /** Input refused with a reason code: kept for people to look at, never retried. */
  readonly refusals: DrydockQueue
  /** Asynchronous invocations that failed every retry. */
  readonly deadLetters: Queue

  constructor(scope: Construct, id: string, { alarmAction }: { readonly alarmAction: IAlarmAction }) {
    super(scope, id)
    const queue = (name: string, deadLetterMeans: string, timeoutSeconds: number) =>
      new DrydockQueue(this, name, {
        deadLetterMeans,
        alarmAction,
        visibilityTimeout: Duration.seconds(timeoutSeconds * 6),
      })
    this.findings = queue('Findings', 'A finding could not be recorded after five tries.', 30)
    this.refusals = queue('Refusals', 'A refused finding was not reviewed.', 30)
    this.enrich = queue(
      'Enrich',
      'Vulnrichment could not be asked about a new CVE; the six-hourly refresh will retry.',
      120,
    )
    this.assess = queue('Assess', 'A finding could not be assessed after five tries.', 30)
    this.dispatch = queue('Dispatch', 'A rollout could not be moved after five tries; the sweep will retry.', 60)
    this.archive = queue('Archive', 'Evidence could not be filed after five tries; the schedule will retry.', 120)
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      deadLetterMeans: 'An event failed every retry.',
      alarmAction,
    }).queue

    this.bus = new EventBus(this, 'Bus', { description: 'Events forwarded by the spokes' })
    const own = EventBus.fromEventBusName(this, 'OwnBus', 'default')
    for (const [name, bus] of Object.entries({ Own: own, Spokes: this.bus })) this.addRules(name, bus)
  }

  private addRules(name: string, eventBus: IEventBus) {
    const target = (queue: DrydockQueue) =>
      new SqsQueue(queue.queue, {
        deadLetterQueue: this.deadLetters,
        retryAttempts: 185,
        maxEventAge: Duration.hours(24),
      })
    new Rule(this, `${name}Findings`, {
      eventBus,
      eventPattern: hubFindingPattern,
      targets: [target(this.findings)],
      description: 'Findings to intake',
    })
    new Rule(this, `${name}Commands`, {
      eventBus,
      eventPattern: commandPattern,
      targets: [target(this.dispatch)],
      description: 'Run Command results to the dispatcher',
    })
  }

  /** Only the spokes, only their kinds of event, only from inside the organisation. */
  admitSpokes({ spokes, organizationId }: DrydockConfig) {
    if (spokes.length === 0 || organizationId === undefined) return
    const { account } = Stack.of(this)
    new CfnEventBusPolicy(this, 'AdmitSpokes', {
      eventBusName: this.bus.eventBusName,
      statementId: 'AdmitSpokes',
      statement: {
        Effect: 'Allow',
        Principal: { AWS: spokes.map((spoke) => accountArn(this, spoke.account)) },
        Action: 'events:PutEvents',
        Resource: this.bus.eventBusArn,
        Condition: {
          StringEquals: {
            'aws:PrincipalOrgID': organizationId,
            'events:source': [...findingPattern.source, ...commandPattern.source],
          },
          StringNotEquals: { 'aws:PrincipalAccount': account },
        },
      },
    })
  }
}

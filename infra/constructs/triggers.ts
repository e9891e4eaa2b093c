/** What wakes the functions: queues by batch, schedules by rate. */
import { Duration } from 'aws-cdk-lib'
import { Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { burstSeconds } from '../burst.ts'
import type { DrydockConfig } from '../config.ts'
import type { FunctionName } from '../functions.ts'
import type { DrydockQueue } from './drydock-queue.ts'
import type { Functions } from './functions.ts'
import type { Messaging } from './messaging.ts'

export interface TriggersProps {
  readonly config: DrydockConfig
  readonly functions: Functions
  readonly messaging: Messaging
  /** The machine whose executions drive changes; one that dies gets a successor at once. */
  readonly changeMachine: StateMachine
  /** Whether the dispatcher waits for a burst of results, and answers it in one turn. */
  readonly gathersBursts: boolean
}

export class Triggers extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { config, functions, messaging, changeMachine, gathersBursts }: TriggersProps,
  ) {
    super(scope, id)
    const consume = (
      queue: DrydockQueue,
      name: FunctionName,
      batchSize: number,
      maxConcurrency: number,
      maxBatchingWindow?: Duration,
    ) =>
      functions.named(name).addEventSource(
        new SqsEventSource(queue.queue, {
          batchSize,
          reportBatchItemFailures: true,
          maxConcurrency,
          ...(maxBatchingWindow ? { maxBatchingWindow } : {}),
        }),
      )
    consume(messaging.findings, 'intake/receive-findings', 10, 20)
    consume(messaging.enrich, 'intel/enrich-findings', 10, 2)
    consume(messaging.assess, 'changes/assess-finding', 10, 10)
    // Results come in bursts, and one turn answers a burst: bench/dispatcher.ts measures what waiting for one costs and saves.
    if (gathersBursts) consume(messaging.dispatch, 'rollout/dispatch-hosts', 500, 2, Duration.seconds(burstSeconds))
    else consume(messaging.dispatch, 'rollout/dispatch-hosts', 10, 5)
    consume(messaging.archive, 'evidence/archive-leaves', 10, 2)

    new Rule(this, 'DriverDied', {
      description: 'A driver of a change that died, to the reconciler',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [changeMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        new LambdaFunction(functions.named('driver/reconcile-changes'), {
          deadLetterQueue: messaging.deadLetters,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    })

    const every = (id: string, name: FunctionName, rate: Duration, input: Readonly<Record<string, string>> = {}) =>
      new Schedule(this, id, {
        description: `${name} every ${rate.toHumanString()}`,
        schedule: ScheduleExpression.rate(rate),
        target: new LambdaInvoke(functions.named(name), {
          input: ScheduleTargetInput.fromObject(input),
          deadLetterQueue: messaging.deadLetters,
          retryAttempts: 3,
          maxEventAge: Duration.hours(1),
        }),
      })
    if (config.pullFindings) every('PullFindings', 'intake/pull-findings', Duration.minutes(10))
    every('Reconcile', 'driver/reconcile-changes', Duration.minutes(5))
    every('Archive', 'evidence/archive-leaves', Duration.minutes(1))
    every('SyncAssets', 'inventory/sync-assets', Duration.minutes(30))
    every('RefreshKev', 'intel/refresh-feed', Duration.hours(1), { feed: 'kev' })
    every('RefreshEpss', 'intel/refresh-feed', Duration.hours(6), { feed: 'epss' })
    every('RefreshVulnrichment', 'intel/refresh-feed', Duration.hours(6), { feed: 'vulnrichment' })
  }
}

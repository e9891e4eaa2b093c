/** Alarms on what no single function can see: refused input, old feeds, lagging evidence, stuck changes, failed rollbacks. */
import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IAlarmAction, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { Messaging } from './messaging.ts'

/** A metric of ours, the service dimension that Powertools gives it, and what it means when it is above zero. */
const watched = {
  FindingsRefused: ['intake.receive-findings', 'Findings were refused: look at the refusals queue.'],
  FeedRefreshFailed: ['intel.refresh-feed', 'A feed was not refreshed: decisions rest on the last good copy.'],
  ChangesStuck: ['changes.reconcile-changes', 'A change has not moved for too long.'],
  RollbackFailed: ['rollout.dispatch-hosts', 'A rollback failed on a host: it is quarantined and needs people.'],
  EvidenceCollision: ['evidence.archive-leaves', 'A leaf exists already with other content: filing stopped.'],
  EvidenceLagging: ['evidence.archive-leaves', 'Transitions wait to be filed for too long.'],
} as const

export class Watch extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { messaging, alarmAction }: { readonly messaging: Messaging; readonly alarmAction: IAlarmAction },
  ) {
    super(scope, id)
    const raise = (name: string, metric: Metric, alarmDescription: string) =>
      new Alarm(this, name, {
        metric,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmDescription,
      }).addAlarmAction(alarmAction)
    for (const [metricName, [service, meaning]] of Object.entries(watched)) {
      raise(
        metricName,
        new Metric({
          namespace: 'Drydock',
          metricName,
          dimensionsMap: { service },
          statistic: 'Sum',
          period: Duration.minutes(5),
        }),
        `${meaning} Runbook: docs/guides/runbook.md#${metricName.toLowerCase()}`,
      )
    }
    raise(
      'DeadLetters',
      messaging.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      'An event failed every retry. Runbook: docs/guides/runbook.md#dead-letters',
    )
  }
}

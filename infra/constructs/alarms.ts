/**
 * Alarms on what no single function sees: refused input, old feeds, lagging evidence, stuck changes, failed rollbacks.
 */
import { Duration } from 'aws-cdk-lib'
import { type IAlarmAction, type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { DrydockConfig } from '../config.ts'
import type { FunctionName } from '../functions.ts'
import { alarmOnFirst, alarmOnSilence } from './alarm.ts'
import type { Functions } from './functions.ts'

/**
 * A metric of ours, the services that count it (Powertools makes each a dimension), and what it means when it is above
 * zero.
 */
export const watched: Readonly<Record<string, { readonly services: readonly string[]; readonly means: string }>> = {
  FindingsRefused: {
    services: ['intake.receive-findings', 'intake.pull-findings'],
    means: 'Findings were refused: look at the refusals queue.',
  },
  FindingsForeignAccount: {
    services: ['intake.receive-findings'],
    means: 'An event named another account than its sender: security should review it.',
  },
  QuestionLinkLocked: {
    services: ['console.serve-console'],
    means: 'A personal link was locked after five wrong codes: somebody is guessing, or the person asked needs help.',
  },
  FeedRefreshFailed: {
    services: ['intel.refresh-feed', 'intel.enrich-findings'],
    means: 'A feed was not refreshed: decisions rest on the last good copy.',
  },
  FeedsTooOld: {
    services: ['driver.reconcile-changes'],
    means: 'Decisions rest on a feed older than the policy allows.',
  },
  ChangesStuck: { services: ['driver.reconcile-changes'], means: 'A change has not moved for too long.' },
  ChangesNotReconciled: {
    services: ['driver.reconcile-changes'],
    means: 'A change could not be reconciled: its driver, if dead, stays dead.',
  },
  SpokesUnreachable: {
    services: ['rollout.dispatch-hosts', 'planning.plan-change'],
    means: 'An account could not be reached: its nodes wait, and new plans leave them out.',
  },
  RollbackFailed: {
    services: ['rollout.dispatch-hosts', 'rollback.finish-rollback'],
    means: 'A rollback failed on a host: it is quarantined and needs people.',
  },
  RollbackRtoAtRisk: {
    services: ['rollout.dispatch-hosts'],
    means: 'A rollback will miss its RTO unless people act.',
  },
  EvidenceCollision: {
    services: ['evidence.archive-leaves'],
    means: 'A leaf already exists with other content: filing has stopped.',
  },
  EvidenceSetAside: {
    services: ['evidence.archive-leaves'],
    means: 'An item of the outbox is no evidence: it was set aside under OUTBOX-ASIDE, and its change has a gap.',
  },
  EvidenceLagging: { services: ['evidence.archive-leaves'], means: 'Transitions have waited too long to be filed.' },
}

/** Functions that must run on their schedule; one that does not run at all raises no error. */
const scheduled: readonly FunctionName[] = ['driver/reconcile-changes', 'evidence/archive-leaves']

interface AlarmsProps {
  readonly config: DrydockConfig
  readonly functions: Functions
  readonly alarmAction: IAlarmAction
}

export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { config, functions, alarmAction }: AlarmsProps) {
    super(scope, id)
    const raise = (name: string, metric: IMetric, means: string) =>
      alarmOnFirst(this, name, { metric, means, alarmAction })
    const miss = (name: string, metric: IMetric, means: string) =>
      alarmOnSilence(this, name, { metric, means, alarmAction })
    const counted = (metricName: string, service: string, period: Duration) =>
      new Metric({ namespace: 'Drydock', metricName, dimensionsMap: { service }, statistic: 'Sum', period })
    // One alarm a service, not their sum: the emulator's CloudFormation knows no metric math.
    for (const [metricName, { services, means }] of Object.entries(watched))
      for (const [index, service] of services.entries())
        raise(
          index === 0 ? metricName : `${metricName}-${service.replace('.', '-')}`,
          counted(metricName, service, Duration.minutes(5)),
          `${means} Runbook: docs/guides/runbook.md#${metricName.toLowerCase()}`,
        )
    for (const name of scheduled)
      miss(
        `${name.replace('/', '-')}-silent`,
        functions.named(name).metricInvocations({ period: Duration.minutes(15), statistic: 'Sum' }),
        `${name} has not run for 15 minutes. Runbook: docs/guides/runbook.md#silent`,
      )
    if (config.pullFindings)
      miss(
        'FindingsPullSilent',
        counted('FindingsPullAlive', 'intake.pull-findings', Duration.hours(1)),
        'No pull from Inspector has succeeded for an hour. Runbook: docs/guides/runbook.md#intake-pull-findings',
      )
  }
}

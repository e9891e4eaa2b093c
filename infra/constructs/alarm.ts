/** Alarms as Drydock raises them: on the first bad sign, or on silence. */
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'

export interface AlarmProps {
  readonly metric: IMetric
  /** What it means for people, and the page that says what to do. */
  readonly means: string
  readonly alarmAction: IAlarmAction
}

/** An alarm as soon as the metric reaches one in a period; no data is no alarm. */
export function alarmOnFirst(scope: Construct, id: string, props: AlarmProps) {
  raise(scope, id, props, ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, TreatMissingData.NOT_BREACHING)
}

/** An alarm when the metric stays below one for a period, or nothing is heard at all. */
export function alarmOnSilence(scope: Construct, id: string, props: AlarmProps) {
  raise(scope, id, props, ComparisonOperator.LESS_THAN_THRESHOLD, TreatMissingData.BREACHING)
}

function raise(
  scope: Construct,
  id: string,
  { metric, means, alarmAction }: AlarmProps,
  comparisonOperator: ComparisonOperator,
  treatMissingData: TreatMissingData,
) {
  new Alarm(scope, id, {
    metric,
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator,
    treatMissingData,
    alarmDescription: means,
  }).addAlarmAction(alarmAction)
}

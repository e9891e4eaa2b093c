/** On a schedule: restarts dead drivers, wakes open rings whose events went missing, and counts what is stuck. */
import { sfnChangeDriver } from '../../aws/change-driver.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { systemClock } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { ReconcileChanges, run } from '../reconcile-changes.ts'

export { run }

export const handler = lambdaHandler(
  ReconcileChanges,
  () => ({
    ledger: dynamoLedger(),
    driver: sfnChangeDriver(),
    nudges: sqsNudges(),
    clock: systemClock,
    metrics: countMetric,
  }),
  run,
)

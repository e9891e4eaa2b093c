/** Records how a rollback went and blocks the patch for the fleet. */
import { hash } from 'node:crypto'
import { dynamoLedger } from '../../aws/ledger.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { FinishRollback, run } from '../finish-rollback.ts'

export { run }

export const handler = lambdaHandler(
  FinishRollback,
  () => ({
    ledger: dynamoLedger(),
    clock: systemClock,
    ids: systemIds,
    account: hubAccount(),
    region: environment('AWS_REGION'),
    digest: (text) => hash('sha256', text, 'hex'),
    metrics: countMetric,
  }),
  run,
)

/** Opens the rollback of a change and wakes the dispatcher; asked again, it hands over the new token. */
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { OpenRollback, run } from '../open-rollback.ts'

export { run }

export const handler = lambdaHandler(
  OpenRollback,
  () => ({ ledger: dynamoLedger(), clock: systemClock, ids: systemIds, account: hubAccount(), nudges: sqsNudges() }),
  run,
)

/** Opens a ring and wakes the dispatcher. */
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { OpenRing, run } from '../open-ring.ts'

export { run }

export const handler = lambdaHandler(
  OpenRing,
  () => ({ ledger: dynamoLedger(), clock: systemClock, ids: systemIds, account: hubAccount(), nudges: sqsNudges() }),
  run,
)

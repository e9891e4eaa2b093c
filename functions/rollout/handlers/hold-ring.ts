/** Holds a change whose ring did not end in time. */
import { dynamoLedger } from '../../aws/ledger.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { HoldRing, run } from '../hold-ring.ts'

export { run }

export const handler = lambdaHandler(
  HoldRing,
  () => ({ ledger: dynamoLedger(), clock: systemClock, ids: systemIds, account: hubAccount() }),
  run,
)

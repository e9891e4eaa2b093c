/** Looks at a ballot whose machine stopped waiting: expired, decided meanwhile, or to be asked again. */
import { dynamoLedger } from '../../aws/ledger.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CloseBallot, run } from '../close-ballot.ts'

export { run }

export const handler = lambdaHandler(
  CloseBallot,
  () => ({ ledger: dynamoLedger(), clock: systemClock, ids: systemIds, account: hubAccount() }),
  run,
)

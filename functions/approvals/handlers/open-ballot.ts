/** Opens the ballot on a change's plan; the same plan keeps its ballot, another plan gets a new one. */
import { dynamoLedger } from '../../aws/ledger.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { OpenBallot, run } from '../open-ballot.ts'

export { run }

export const handler = lambdaHandler(
  OpenBallot,
  () => ({ ledger: dynamoLedger(), clock: systemClock, ids: systemIds, account: hubAccount() }),
  run,
)

/** Tells the driver what a change needs next; moves it only into and out of `held`. */
import { dynamoLedger } from '../../aws/ledger.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { ChooseNextStep, run } from '../choose-next-step.ts'

export { run }

export const handler = lambdaHandler(
  ChooseNextStep,
  () => ({ ledger: dynamoLedger(), clock: systemClock, ids: systemIds, account: hubAccount() }),
  run,
)

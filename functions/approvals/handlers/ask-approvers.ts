/** Sends the mails that ask for votes and keeps the waiting machine's token. */
import { dynamoLedger } from '../../aws/ledger.ts'
import { awsMailer } from '../../aws/mailer.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { systemSecrets } from '../../aws/secrets.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { AskApprovers, type AskApproversPorts, run } from '../ask-approvers.ts'

export type { AskApprovers }
export { run }

const buildPorts = (): AskApproversPorts => ({
  ledger: dynamoLedger(),
  clock: systemClock,
  ids: systemIds,
  account: hubAccount(),
  mailer: awsMailer(),
  secrets: systemSecrets(),
  consoleUrl: environment('DRYDOCK_CONSOLE_URL'),
})

export const handler = lambdaHandler(AskApprovers, buildPorts, run)

/** Sends the mails that ask for votes and keeps the waiting machine's token. */
import * as z from 'zod'
import { dynamoLedger } from '../../aws/ledger.ts'
import { awsMailer } from '../../aws/mailer.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { systemSecrets } from '../../aws/secrets.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { type AskPorts, ask } from '../ask.ts'

export const AskApprovers = z.strictObject({
  changeId: z.string().length(26),
  step: z.enum(['ask', 'remind', 'escalate']),
  taskToken: z.string(),
})
export type AskApprovers = z.infer<typeof AskApprovers>

export const run = (input: AskApprovers, ports: AskPorts) => ask(input, ports)

export const handler = lambdaHandler(
  AskApprovers,
  (): AskPorts => ({
    ledger: dynamoLedger(),
    clock: systemClock,
    ids: systemIds,
    account: hubAccount(),
    mailer: awsMailer(),
    secrets: systemSecrets(),
    consoleUrl: environment('DRYDOCK_CONSOLE_URL'),
  }),
  run,
)

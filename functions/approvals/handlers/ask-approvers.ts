/** Sends the mails that ask for votes and keeps the waiting machine's token. */

import * as z from 'zod'
import { configured, Settings } from '../../aws/configuration.ts'
import { awsMailer, mailSettings } from '../../aws/mailer.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
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

export const Configuration = Settings.pick({ ...recordSettings, ...mailSettings, consoleUrl: true })

export const handler = lambdaHandler(
  AskApprovers,
  configured(
    Configuration,
    (settings): AskPorts => ({
      ...recordPorts(settings),
      mailer: awsMailer(settings),
      secrets: systemSecrets(),
      consoleUrl: settings.consoleUrl,
    }),
  ),
  run,
)

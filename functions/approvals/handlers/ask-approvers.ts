/** Sends the mails that ask for votes and keeps the waiting machine's token. */
import { configured, Settings } from '../../aws/configuration.ts'
import { awsMailer, mailSettings } from '../../aws/mailer.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { systemSecrets } from '../../aws/secrets.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { AskApprovers, type AskApproversPorts, run } from '../ask-approvers.ts'

export { run }

export const Configuration = Settings.pick({ ...recordSettings, ...mailSettings, consoleUrl: true })

const buildPorts = configured(
  Configuration,
  (settings): AskApproversPorts => ({
    ...recordPorts(settings),
    mailer: awsMailer(settings),
    secrets: systemSecrets(),
    consoleUrl: settings.consoleUrl,
  }),
)

export const handler = lambdaHandler(AskApprovers, buildPorts, run)

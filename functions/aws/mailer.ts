/** Mail by SES; SNS for those who chose it, each behind a filter policy on the attribute `approver`. */
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { Mailer } from '../approvals/ports.ts'
import { clientSettings, environment } from './runtime.ts'

export function awsMailer(): Mailer {
  let ses: SESv2Client | undefined
  let sns: SNSClient | undefined
  return {
    async send(channel, approverId, { to, subject, text, html }) {
      if (channel === 'sns') {
        sns ??= new SNSClient(clientSettings)
        await sns.send(
          new PublishCommand({
            TopicArn: environment('DRYDOCK_APPROVAL_TOPIC_ARN'),
            Subject: subject.slice(0, 100),
            Message: text,
            MessageAttributes: { approver: { DataType: 'String', StringValue: approverId } },
          }),
        )
        return
      }
      ses ??= new SESv2Client(clientSettings)
      await ses.send(
        new SendEmailCommand({
          FromEmailAddress: environment('DRYDOCK_MAIL_SENDER'),
          Destination: { ToAddresses: [to] },
          Content: {
            Simple: {
              Subject: { Data: subject, Charset: 'UTF-8' },
              Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
            },
          },
        }),
      )
    },
  }
}

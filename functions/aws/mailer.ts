/**
 * Mail by SES, or by SNS for those who chose it, each with a subscription whose filter policy is on the attribute
 * `approver`.
 */
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { DrydockError } from '../kit/errors.ts'
import type { Mailer } from '../people/ports.ts'
import type { Settings } from './configuration.ts'
import { clientSettings } from './runtime.ts'

/**
 * SNS takes fewer than 100 characters of printable ASCII. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const snsSubject = (subject: string) => subject.replace(/[^ -~]/g, '?').slice(0, 99)

/** A subject is one header line (B9); the letter already ensures it, and this is the last check. */
const headerLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()

/** What `awsMailer` reads of the configuration. */
export const mailSettings = { mailSender: true, approvalTopicArn: true, snsApprovers: true } as const

/**
 * Mail from one sender, or through the approval topic to those with their own subscription.
 *
 * @throws DrydockError DD1706 for an approver without a subscription: SNS silently accepts a message that reaches
 * nobody. A refusal by SES or SNS throws the SDK's error.
 */
export function awsMailer(
  { mailSender, approvalTopicArn, snsApprovers }: Pick<Settings, keyof typeof mailSettings>,
  ses?: SESv2Client,
  sns?: SNSClient,
): Mailer {
  return {
    async send(channel, approverId, { to, subject, text, html }) {
      if (channel === 'sns') {
        if (!snsApprovers.includes(approverId))
          throw new DrydockError(
            'DD1706',
            `${approverId} is to be asked by SNS and has no subscription; add them to snsApprovers in cdk.json and deploy`,
          )
        sns ??= new SNSClient(clientSettings)
        await sns.send(
          new PublishCommand({
            TopicArn: approvalTopicArn,
            Subject: snsSubject(headerLine(subject)),
            Message: text,
            MessageAttributes: { approver: { DataType: 'String', StringValue: approverId } },
          }),
        )
        return
      }
      ses ??= new SESv2Client(clientSettings)
      await ses.send(
        new SendEmailCommand({
          FromEmailAddress: mailSender,
          Destination: { ToAddresses: [to] },
          Content: {
            Simple: {
              Subject: { Data: headerLine(subject), Charset: 'UTF-8' },
              Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
            },
          },
        }),
      )
    },
  }
}

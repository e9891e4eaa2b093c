import { SESv2Client } from '@aws-sdk/client-sesv2'
import { InvalidToken, SFNClient, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn'
import { SNSClient } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { awsMailer } from '../../../functions/aws/mailer.ts'
import { systemSecrets } from '../../../functions/aws/secrets.ts'
import { sfnTaskTokens } from '../../../functions/aws/task-tokens.ts'
import { mockClient } from '../../aws/mock-client.ts'

const settings = { region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
const mail = {
  to: 'olivia@example.com',
  subject: `Vote – on\r\nBcc: x ${'y'.repeat(200)}`,
  text: 'the text',
  html: '<p>the text</p>',
}

describe('2.1 awsMailer', () => {
  const mailing = {
    mailSender: 'drydock@example.com',
    snsApprovers: ['sven', 'olivia'],
    approvalTopicArn: 'arn:aws:sns:eu-west-1:123456789012:approvals',
  }

  it('B9 sends both parts by SES under a subject of one line', async () => {
    const client = new SESv2Client(settings)
    const ses = mockClient(client)
    await awsMailer(mailing, client).send('email', 'olivia', mail)
    const input = ses.calls()[0]?.args[0].input
    expect(input).toMatchObject({
      FromEmailAddress: 'drydock@example.com',
      Destination: { ToAddresses: ['olivia@example.com'] },
      Content: { Simple: { Body: { Text: { Data: 'the text' }, Html: { Data: '<p>the text</p>' } } } },
    })
    expect(JSON.stringify(input)).not.toMatch(/\\r|\\n/)
  })

  it('publishes to SNS for one approver, under a subject that SNS takes', async () => {
    const client = new SNSClient(settings)
    const sns = mockClient(client)
    await awsMailer(mailing, undefined, client).send('sns', 'olivia', mail)
    const input = sns.calls()[0]?.args[0].input
    expect(input).toMatchObject({
      Message: 'the text',
      MessageAttributes: { approver: { DataType: 'String', StringValue: 'olivia' } },
      Subject: expect.stringMatching(/^[ -~]{1,99}$/),
    })
  })

  it.each([[[]], [['sven']], [['olivia2', 'sven']]])(
    'F43 publishes nothing for someone without a subscription (%j): it would reach nobody and nobody would know',
    async (snsApprovers) => {
      const client = new SNSClient(settings)
      const sns = mockClient(client)
      await expect(
        awsMailer({ ...mailing, snsApprovers }, undefined, client).send('sns', 'olivia', mail),
      ).rejects.toThrow('DD1706')
      expect(sns.calls()).toHaveLength(0)
    },
  )

  it('F43 tells of a refusal instead of swallowing it', async () => {
    const client = new SESv2Client(settings)
    mockClient(client).rejects(new Error('Email address is not verified'))
    await expect(awsMailer(mailing, client).send('email', 'olivia', mail)).rejects.toThrow('not verified')
  })
})

describe('11.5 sfnTaskTokens', () => {
  const about = { message: 'over', $metadata: {} }
  it.each([new TaskTimedOut(about), new TaskDoesNotExist(about), new InvalidToken(about)])(
    'F19 %s means that nobody waits any more',
    async (fault) => {
      const client = new SFNClient(settings)
      mockClient(client).rejects(fault)
      expect(await sfnTaskTokens(client).succeed('token', { outcome: 'approved' })).toBe('gone')
    },
  )

  it('F20 tells of any other fault', async () => {
    const client = new SFNClient(settings)
    mockClient(client).rejects(new Error('ThrottlingException'))
    await expect(sfnTaskTokens(client).succeed('token', {})).rejects.toThrow('Throttling')
  })

  it('answers with the outcome', async () => {
    const client = new SFNClient(settings)
    const sfn = mockClient(client)
    expect(await sfnTaskTokens(client).succeed('token', { outcome: 'approved' })).toBe('answered')
    expect(sfn.calls()[0]?.args[0].input).toEqual({ taskToken: 'token', output: '{"outcome":"approved"}' })
  })
})

describe('11.5 systemSecrets', () => {
  const secrets = systemSecrets()

  it('B35 makes codes of eight characters of Crockford base32, 40 bits', () => {
    const codes = new Set(Array.from({ length: 500 }, () => secrets.code()))
    expect(codes.size).toBe(500)
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/)
    expect(new Set([...codes].join('')).size).toBe(32)
  })

  it('makes link secrets of 256 bits that need no escaping in an address', () => {
    expect(secrets.linkSecret()).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(secrets.linkSecret()).not.toBe(secrets.linkSecret())
  })

  it('compares digests, those of other lengths too', () => {
    const digest = secrets.digest('x')
    expect(secrets.isEqual(digest, secrets.digest('x'))).toBe(true)
    for (const other of [secrets.digest('y'), '', digest.slice(1)]) expect(secrets.isEqual(digest, other)).toBe(false)
  })
})

import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { GetObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3'
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterEach, describe, expect, it } from 'vitest'
import { type Check, look } from '../../cli/doctor/check.ts'
import {
  checkAgents,
  checkClock,
  checkDeadLetters,
  checkEvidenceKey,
  checkMail,
  checkObjectLock,
  checkQuotas,
} from '../../cli/doctor/cloud.ts'
import { mockClient } from '../aws/mock-client.ts'

const region = { region: 'eu-west-1' }
const [s3, kms, ses, quotas, ssm, sqs] = [
  mockClient(S3Client),
  mockClient(KMSClient),
  mockClient(SESv2Client),
  mockClient(ServiceQuotasClient),
  mockClient(SSMClient),
  mockClient(SQSClient),
]
afterEach(() => {
  for (const client of [s3, kms, ses, quotas, ssm, sqs]) client.reset()
})
const verdicts = (checks: readonly Check[]) => checks.map(({ name, verdict }) => [name, verdict])
/** Whatever is not right says what to do. */
const isHelpful = (checks: readonly Check[]) =>
  checks.every(({ verdict, mend }) => (verdict === 'ok') === (mend === ''))

describe('10.4 doctor looks at the evidence bucket', () => {
  const lock = (Mode: 'GOVERNANCE' | 'COMPLIANCE', retention: object) => ({
    ObjectLockConfiguration: {
      ObjectLockEnabled: 'Enabled' as const,
      Rule: { DefaultRetention: { Mode, ...retention } },
    },
  })
  it.each([
    ['compliance for years', lock('COMPLIANCE', { Years: 7 }), 'ok', 'compliance, 2555 days'],
    ['compliance for days', lock('COMPLIANCE', { Days: 400 }), 'ok', 'compliance, 400 days'],
    ['governance', lock('GOVERNANCE', { Days: 400 }), 'warn', 'governance, 400 days'],
    ['a day', lock('COMPLIANCE', { Days: 1 }), 'warn', 'compliance, 1 days'],
    ['no rule', { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' as const } }, 'fail', 'no Object Lock'],
    ['nothing', {}, 'fail', 'no Object Lock'],
  ])('8.8 %s', async (_, answer, verdict, found) => {
    s3.on(GetObjectLockConfigurationCommand).resolves(answer)
    const checks = await checkObjectLock(new S3Client(region), 'evidence')
    expect(checks).toMatchObject([{ verdict, found: expect.stringContaining(found) }])
    expect(isHelpful(checks)).toBe(true)
  })
})

describe('F42 doctor looks at the evidence key', () => {
  it.each([
    ['Enabled', 'SIGN_VERIFY', 'ok'],
    ['Enabled', 'ENCRYPT_DECRYPT', 'fail'],
    ['Disabled', 'SIGN_VERIFY', 'fail'],
    ['PendingDeletion', 'SIGN_VERIFY', 'fail'],
    ['Unavailable', 'SIGN_VERIFY', 'fail'],
  ] as const)('%s for %s', async (KeyState, KeyUsage, verdict) => {
    kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: 'k', KeyState, KeyUsage } })
    const checks = await checkEvidenceKey(new KMSClient(region), 'k')
    expect(checks.map((check) => check.verdict)).toEqual([verdict])
    expect(isHelpful(checks)).toBe(true)
  })
})

describe('F43 doctor looks at mail', () => {
  const account = (over: object = {}) =>
    ses
      .on(GetAccountCommand)
      .resolves({ SendingEnabled: true, EnforcementStatus: 'HEALTHY', ProductionAccessEnabled: true, ...over })
  const missing = Object.assign(new Error('no such identity'), { name: 'NotFoundException' })
  const check = () => checkMail(new SESv2Client(region), 'drydock@example.com')

  it('takes a verified domain for a verified sender', async () => {
    account()
    ses.on(GetEmailIdentityCommand, { EmailIdentity: 'drydock@example.com' }).rejects(missing)
    ses.on(GetEmailIdentityCommand, { EmailIdentity: 'example.com' }).resolves({ VerifiedForSendingStatus: true })
    expect(verdicts(await check())).toEqual([
      ['mail sending', 'ok'],
      ['mail sandbox', 'ok'],
      ['mail sender', 'ok'],
    ])
  })

  it.each([
    ['the sandbox', { ProductionAccessEnabled: false }, 'mail sandbox', 'warn'],
    ['sending paused', { SendingEnabled: false }, 'mail sending', 'fail'],
    ['an account under probation', { EnforcementStatus: 'PROBATION' }, 'mail sending', 'fail'],
  ])('tells %s', async (_, over, name, verdict) => {
    account(over)
    ses.on(GetEmailIdentityCommand).resolves({ VerifiedForSendingStatus: true })
    const checks = await check()
    expect(checks.find((one) => one.name === name)?.verdict).toBe(verdict)
    expect(isHelpful(checks)).toBe(true)
  })

  it('fails for a sender that is not verified', async () => {
    account()
    ses.on(GetEmailIdentityCommand).resolves({ VerifiedForSendingStatus: false })
    expect(verdicts(await check()).at(-1)).toEqual(['mail sender', 'fail'])
  })
})

describe('I16 doctor looks at quotas', () => {
  const quota = (ServiceCode: string, QuotaName: string, Value: number) =>
    quotas.on(ListServiceQuotasCommand, { ServiceCode }).resolves({ Quotas: [{ QuotaName, Value, QuotaCode: 'L-1' }] })
  it('warns of the ten concurrent executions of a new account, with the command that raises them', async () => {
    quotas.on(ListServiceQuotasCommand).resolves({ Quotas: [] })
    quota('lambda', 'Concurrent executions', 10)
    quota('states', 'Open executions', 1_000_000)
    const checks = await checkQuotas(new ServiceQuotasClient(region))
    expect(checks.map(({ verdict }) => verdict)).toEqual(['warn', 'ok', 'ok'])
    expect(checks[0]?.mend).toContain('--service-code lambda --quota-code L-1 --desired-value 100')
    expect(checks[2]?.found).toContain('not listed')
  })
})

describe('F33 doctor looks at agents', () => {
  it('counts those too old and those silent, over all pages', async () => {
    ssm
      .on(DescribeInstanceInformationCommand)
      .resolvesOnce({
        NextToken: 'n',
        InstanceInformationList: [
          { InstanceId: 'i-1', AgentVersion: '3.3.2746.0', PingStatus: 'Online' },
          { InstanceId: 'i-2', AgentVersion: '3.3.999.0', PingStatus: 'Online' },
        ],
      })
      .resolves({
        InstanceInformationList: [
          { InstanceId: 'i-3', AgentVersion: '3.10.0.0', PingStatus: 'ConnectionLost' },
          { InstanceId: 'i-4', PingStatus: 'Inactive' },
        ],
      })
    const checks = await checkAgents(new SSMClient(region), '3.3.2746.0')
    expect(checks.map(({ verdict, found }) => [verdict, found])).toEqual([
      ['warn', '2 of 4, first i-2'],
      ['warn', '2 of 4, first i-3'],
    ])
  })

  it('is content with a fleet that answers', async () => {
    ssm
      .on(DescribeInstanceInformationCommand)
      .resolves({ InstanceInformationList: [{ InstanceId: 'i-1', AgentVersion: '3.4.0.0', PingStatus: 'Online' }] })
    const checks = await checkAgents(new SSMClient(region), '3.3.2746.0')
    expect(checks.map(({ verdict }) => verdict)).toEqual(['ok', 'ok'])
  })
})

describe('F4 doctor looks at dead letters', () => {
  it('counts them in the queue behind each queue, and what waits where nothing is behind', async () => {
    const redrive = (name: string) => ({ RedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:1:${name}"}` })
    sqs.on(GetQueueAttributesCommand, { QueueUrl: 'assess' }).resolves({ Attributes: redrive('assess-dead') })
    sqs.on(GetQueueAttributesCommand, { QueueUrl: 'archive' }).resolves({ Attributes: redrive('archive-dead') })
    sqs
      .on(GetQueueAttributesCommand, { QueueUrl: 'lost' })
      .resolves({ Attributes: { ApproximateNumberOfMessages: '2' } })
    sqs.on(GetQueueUrlCommand).callsFake(async ({ QueueName }) => ({ QueueUrl: QueueName }))
    const dead = (QueueUrl: string, count: string) =>
      sqs.on(GetQueueAttributesCommand, { QueueUrl }).resolves({ Attributes: { ApproximateNumberOfMessages: count } })
    dead('assess-dead', '3')
    dead('archive-dead', '0')
    const checks = await checkDeadLetters(
      new SQSClient(region),
      new Map([
        ['assess', 'assess'],
        ['archive', 'archive'],
        ['lost', 'lost'],
      ]),
    )
    expect(verdicts(checks)).toEqual([
      ['dead letters of assess', 'fail'],
      ['dead letters of archive', 'ok'],
      ['queue lost', 'warn'],
    ])
    expect(isHelpful(checks)).toBe(true)
  })
})

describe('F39 doctor looks at the clock', () => {
  const nowMs = Date.parse('2026-11-24T10:00:00Z')
  it.each([
    ['Tue, 24 Nov 2026 10:00:05 GMT', 'ok'],
    ['Tue, 24 Nov 2026 09:58:00 GMT', 'warn'],
    ['Tue, 24 Nov 2026 10:05:00 GMT', 'fail'],
    [undefined, 'warn'],
    ['yesterday', 'warn'],
  ])('against %s', (date, verdict) => {
    const checks = checkClock(date, nowMs)
    expect(checks.map((check) => check.verdict)).toEqual([verdict])
    expect(isHelpful(checks)).toBe(true)
  })
})

describe('I20 what cannot be looked at', () => {
  it('is no ok', async () => {
    kms.on(DescribeKeyCommand).rejects(Object.assign(new Error('not you'), { name: 'AccessDeniedException' }))
    const checks = await look('evidence key', () => checkEvidenceKey(new KMSClient(region), 'k'))
    expect(checks).toMatchObject([
      { verdict: 'warn', found: expect.stringContaining('AccessDeniedException: not you') },
    ])
  })
})

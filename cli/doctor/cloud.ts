/** What AWS reports about the hub's account: mail, quotas, evidence bucket and key, agents, dead letters, the clock. */
import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import { GetObjectLockConfigurationCommand, type S3Client } from '@aws-sdk/client-s3'
import { paginateListServiceQuotas, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { GetAccountCommand, GetEmailIdentityCommand, type SESv2Client } from '@aws-sdk/client-sesv2'
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { type InstanceInformation, paginateDescribeInstanceInformation, type SSMClient } from '@aws-sdk/client-ssm'
import { type Check, fail, ok, warn } from './check.ts'

/** A shorter retention is for trials. */
const retentionDaysMin = 365

/** Whether leaves and log entries are protected from early deletion. */
export async function checkObjectLock(s3: S3Client, bucket: string): Promise<readonly Check[]> {
  const name = 'evidence bucket lock'
  const mend = 'deploy the hub again; Object Lock is set when the bucket is created and is not added later'
  const { ObjectLockConfiguration: lock } = await s3.send(new GetObjectLockConfigurationCommand({ Bucket: bucket }))
  const rule = lock?.Rule?.DefaultRetention
  if (lock?.ObjectLockEnabled !== 'Enabled' || !rule?.Mode) return [fail(name, 'no Object Lock with retention', mend)]
  const days = rule.Days ?? (rule.Years ?? 0) * 365
  const found = `${rule.Mode.toLowerCase()}, ${days} days`
  if (days < retentionDaysMin)
    return [warn(name, found, `raise retention.days in cdk.json: audits ask for at least ${retentionDaysMin} days`)]
  return rule.Mode === 'COMPLIANCE'
    ? [ok(name, found)]
    : [
        warn(
          name,
          found,
          'an administrator can still delete evidence; retention.mode: compliance in cdk.json prevents it',
        ),
      ]
}

/** F42: a key that cannot sign holds every rollout. */
export async function checkEvidenceKey(kms: KMSClient, keyId: string): Promise<readonly Check[]> {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }))
  const state = KeyMetadata?.KeyState ?? 'unknown'
  if (state === 'PendingDeletion') {
    const mend = `aws kms cancel-key-deletion --key-id ${keyId}, then aws kms enable-key`
    return [fail('evidence key', `deleted on ${KeyMetadata?.DeletionDate?.toISOString() ?? 'an unknown day'}`, mend)]
  }
  if (state !== 'Enabled') return [fail('evidence key', state, `aws kms enable-key --key-id ${keyId}`)]
  if (KeyMetadata?.KeyUsage !== 'SIGN_VERIFY')
    return [fail('evidence key', `for ${KeyMetadata?.KeyUsage}`, 'the stack output EvidenceKeyId names another key')]
  return [ok('evidence key', `${state}, ${KeyMetadata.KeySpec}`)]
}

/** Whether approvers can be reached by mail (F43). */
export async function checkMail(ses: SESv2Client, sender: string): Promise<readonly Check[]> {
  const account = await ses.send(new GetAccountCommand({}))
  const status = account.EnforcementStatus ?? 'unknown'
  const sending =
    account.SendingEnabled && status === 'HEALTHY'
      ? ok(
          'mail sending',
          `${account.SendQuota?.SentLast24Hours ?? 0} of ${account.SendQuota?.Max24HourSend ?? '?'} a day`,
        )
      : fail('mail sending', `enabled: ${account.SendingEnabled === true}, ${status}`, 'see the SES account dashboard')
  const sandbox = account.ProductionAccessEnabled
    ? ok('mail sandbox', 'left')
    : warn('mail sandbox', 'in the sandbox: mail reaches verified addresses only', 'request SES production access')
  const domain = sender.split('@')[1] ?? sender
  const isVerified = (await verified(ses, sender)) || (await verified(ses, domain))
  const identity = isVerified
    ? ok('mail sender', `${sender} is verified`)
    : fail('mail sender', `${sender} is not verified`, `aws sesv2 create-email-identity --email-identity ${domain}`)
  return [sending, sandbox, identity]
}

async function verified(ses: SESv2Client, identity: string): Promise<boolean> {
  try {
    return (await ses.send(new GetEmailIdentityCommand({ EmailIdentity: identity }))).VerifiedForSendingStatus === true
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return false
    throw error
  }
}

/** Quotas by their Service Quotas names, and what Drydock may need at once. */
const quotas = [
  { service: 'lambda', quota: /^concurrent executions$/i, enough: 100, why: 'queues alone may use 39 at once' },
  { service: 'states', quota: /open executions/i, enough: 1_000, why: 'one execution a change and ring' },
  { service: 'ssm', quota: /concurrent.*(?:command|execution)/i, enough: 50, why: 'commands in flight' },
] as const

export async function checkQuotas(client: ServiceQuotasClient): Promise<readonly Check[]> {
  const checks: Check[] = []
  for (const { service, quota, enough, why } of quotas) {
    const found = []
    for await (const page of paginateListServiceQuotas({ client }, { ServiceCode: service }))
      found.push(...(page.Quotas ?? []).filter(({ QuotaName = '' }) => quota.test(QuotaName)))
    // Service Quotas lists only what it can raise.
    if (found.length === 0) checks.push(ok(`quota ${service}`, "not listed by Service Quotas: AWS's default applies"))
    for (const { QuotaName = '', QuotaCode = '', Value = 0 } of found) {
      const name = `quota ${service}: ${QuotaName}`
      const raise = `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${QuotaCode} --desired-value ${enough}`
      checks.push(Value >= enough ? ok(name, String(Value)) : warn(name, `${Value}: ${why}`, raise))
    }
  }
  return checks
}

const numbers = (version: string) => version.split('.').map(Number)
const isOlder = (version: string, min: string) => {
  const [have, want] = [numbers(version), numbers(min)]
  const index = want.findIndex((part, at) => part !== (have[at] ?? 0))
  return index >= 0 && (have[index] ?? 0) < (want[index] ?? 0)
}

/** Nodes as SSM sees them now: those that do not answer, or whose agent is too old, are left out of plans (F33). */
export async function checkAgents(client: SSMClient, agentVersionMin: string): Promise<readonly Check[]> {
  const nodes: InstanceInformation[] = []
  for await (const page of paginateDescribeInstanceInformation({ client, pageSize: 50 }, {}))
    nodes.push(...(page.InstanceInformationList ?? []))
  const old = nodes.filter(({ AgentVersion = '0' }) => isOlder(AgentVersion, agentVersionMin))
  const silent = nodes.filter(({ PingStatus }) => PingStatus !== 'Online')
  const of = (some: readonly InstanceInformation[]) =>
    `${some.length} of ${nodes.length}${some.length > 0 ? `, first ${some[0]?.InstanceId}` : ''}`
  return [
    old.length === 0
      ? ok('agents too old', of(old))
      : warn('agents too old', of(old), `AWS-UpdateSSMAgent on them: ${agentVersionMin} or later is needed`),
    silent.length === 0
      ? ok('agents silent', of(silent))
      : warn('agents silent', of(silent), 'start the nodes or their agents; silent nodes are in no plan'),
  ]
}

/** Messages that failed five times, by source queue. */
export async function checkDeadLetters(
  sqs: SQSClient,
  queueUrls: ReadonlyMap<string, string>,
): Promise<readonly Check[]> {
  return Promise.all(
    [...queueUrls].map(async ([stage, QueueUrl]) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy', 'ApproximateNumberOfMessages'] }),
      )
      const waiting = Attributes.ApproximateNumberOfMessages ?? '?'
      const arn: unknown = JSON.parse(Attributes.RedrivePolicy ?? '{}').deadLetterTargetArn
      if (typeof arn !== 'string')
        return Number(waiting) === 0
          ? ok(`queue ${stage}`, 'empty')
          : warn(`queue ${stage}`, `${waiting} to look at`, 'docs/guides/runbook.md#dead-letters')
      const { QueueUrl: deadUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: arn.split(':').at(-1) }))
      const dead = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      )
      const count = dead.Attributes?.ApproximateNumberOfMessages ?? '?'
      return Number(count) === 0
        ? ok(`dead letters of ${stage}`, `none; ${waiting} waiting`)
        : fail(`dead letters of ${stage}`, count, 'docs/guides/runbook.md#dead-letters')
    }),
  )
}

/** AWS refuses signatures from five minutes of skew on; links, leases and ballots rely on the hub's clock. */
export function checkClock(serverDate: string | undefined, nowMs: number): readonly Check[] {
  const serverMs = Date.parse(serverDate ?? '')
  if (Number.isNaN(serverMs)) return [warn('clock', 'AWS sent no date', 'compare this clock with another one')]
  const seconds = Math.round(Math.abs(nowMs - serverMs) / 1000)
  const found = `${seconds} s from AWS`
  if (seconds > 240) return [fail('clock', found, 'timedatectl set-ntp true')]
  return seconds > 30 ? [warn('clock', found, 'timedatectl set-ntp true')] : [ok('clock', found)]
}

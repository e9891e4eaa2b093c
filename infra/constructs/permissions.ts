/** What each need of infra/functions.ts is in IAM: exact actions on exact resources. */
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { DrydockConfig, SpokeRole } from '../config.ts'
import type { Need } from '../functions.ts'
import { calendarsArn, commandsArn, documentsArn, identityArn, nodeArns, spokeRoleArn } from './arns.ts'
import { allow } from './drydock-function.ts'
import type { Foundation } from './foundation.ts'
import type { Messaging } from './messaging.ts'

export interface FunctionsProps {
  readonly config: DrydockConfig
  readonly foundation: Foundation
  readonly messaging: Messaging
}

/** The queue that a need sends to. */
const queueOf = {
  'nudge:enrich': 'enrich',
  'nudge:assess': 'assess',
  'nudge:dispatch': 'dispatch',
  'nudge:archive': 'archive',
  'findings:send': 'findings',
  refusals: 'refusals',
} as const

/** Grants what the need stands for; the machines grant theirs once they stand. */
export function grantNeed(lambda: Lambda, need: Need, props: FunctionsProps) {
  const { foundation, messaging, config } = props
  const key = foundation.dataKey.keyArn
  switch (need) {
    case 'ledger':
      return allow(
        lambda,
        ['GetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem'].map((action) => `dynamodb:${action}`),
        [foundation.table.tableArn, `${foundation.table.tableArn}/index/list`],
      )
    case 'nudge:enrich':
    case 'nudge:assess':
    case 'nudge:dispatch':
    case 'nudge:archive':
    case 'findings:send':
    case 'refusals':
      return allow(lambda, ['sqs:SendMessage'], [messaging[queueOf[need]].queue.queueArn])
    case 'inspector':
      return allow(lambda, ['inspector2:ListFindings'], ['*'])
    case 'feeds:read':
      allow(lambda, ['s3:GetObject'], [foundation.feedsBucket.arnForObjects('intel/*')])
      return allow(lambda, ['kms:Decrypt'], [key])
    case 'feeds:write':
      allow(lambda, ['s3:PutObject'], [foundation.feedsBucket.arnForObjects('intel/*')])
      return allow(lambda, ['kms:GenerateDataKey'], [key])
    case 'evidence:read':
      allow(lambda, ['s3:GetObject'], [foundation.evidence.bucket.arnForObjects('v1/*')])
      allow(lambda, ['s3:ListBucket'], [foundation.evidence.bucket.bucketArn])
      return allow(lambda, ['kms:Decrypt'], [key])
    case 'evidence:write':
      allow(lambda, ['s3:PutObject'], [foundation.evidence.bucket.arnForObjects('v1/*')])
      return allow(lambda, ['kms:GenerateDataKey'], [key])
    case 'evidence:sign':
      return allow(
        lambda,
        ['kms:Sign', 'kms:GetPublicKey'],
        [foundation.evidence.key, foundation.evidence.postQuantumKey].flatMap(
          (evidenceKey) => evidenceKey?.keyArn ?? [],
        ),
      )
    case 'overrides:write':
      return allow(lambda, ['s3:PutObject'], [foundation.overridesBucket.arnForObjects('overrides/*')])
    case 'documents':
      return allow(lambda, ['ssm:DescribeDocument'], [documentsArn(lambda)])
    case 'calendars':
      return allow(lambda, ['ssm:GetCalendarState'], [calendarsArn(lambda)])
    case 'nodes':
      return allow(lambda, ['ssm:DescribeInstanceInformation', 'ssm:GetInventory'], ['*'])
    case 'zones':
      return allow(lambda, ['ec2:DescribeInstances'], ['*'])
    case 'spoke-nodes':
      return grantSpokes(lambda, config, 'inventory', ['sts:AssumeRole'])
    case 'metrics':
      return allow(lambda, ['cloudwatch:GetMetricData'], ['*'])
    case 'mail':
      allow(
        lambda,
        ['ses:SendEmail'],
        [identityArn(lambda, config.mailSender), identityArn(lambda, config.mailSender.split('@')[1] ?? '')],
      )
      allow(lambda, ['sns:Publish'], [foundation.approvalTopic.topicArn])
      return allow(lambda, ['kms:Decrypt', 'kms:GenerateDataKey'], [key])
    case 'commands':
      return grantCommands(lambda, config)
    default:
      return
  }
}

/** Exactly the roles that the spokes of the configuration make; the session tags name change and plan. */
function grantSpokes(lambda: Lambda, config: DrydockConfig, role: SpokeRole, actions: readonly string[]) {
  const roles = config.spokes.map((spoke) => spokeRoleArn(lambda, spoke, role))
  if (roles.length > 0) allow(lambda, actions, roles)
}

/** Sending a command is root on the node: our documents only, on tagged nodes only, never a shell document. */
function grantCommands(lambda: Lambda, config: DrydockConfig) {
  grantSpokes(lambda, config, 'patch', ['sts:AssumeRole', 'sts:TagSession'])
  allow(lambda, ['ssm:SendCommand'], [documentsArn(lambda)])
  allow(lambda, ['ssm:SendCommand'], nodeArns(lambda), {
    StringEquals: { 'ssm:resourceTag/patch-managed': 'true' },
    StringLike: { 'ssm:resourceTag/patch-stage': '*' },
  })
  allow(
    lambda,
    ['ssm:ListCommands', 'ssm:ListCommandInvocations', 'ssm:GetCommandInvocation', 'ssm:CancelCommand'],
    [commandsArn(lambda)],
  )
}

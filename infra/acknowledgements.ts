/** The cdk-nag rules that Drydock departs from, each with its reason. */
import { type Stack, Validations } from 'aws-cdk-lib'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { IConstruct } from 'constructs'

/** Rules that hold for no resource of a stack, by pack. */
const everywhere: Readonly<Record<string, string>> = {
  'NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy':
    'Each role serves one function or machine; its policy lives and dies with it, and is written statement by statement in infra/constructs.',
  'NIST.800.53.R5::NIST.800.53.R5-LambdaInsideVPC':
    'The functions reach AWS APIs and public feeds only, and hold no listener; a VPC would add a NAT gateway and no protection.',
  'NIST.800.53.R5::NIST.800.53.R5-LambdaConcurrency':
    'Concurrency is bounded where work enters (SQS maximum concurrency, one execution per change); reserving it for every function would exhaust the 10 of a new account.',
  'NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled':
    "Replication of evidence to a second account is the user's choice; leaves are write-once under Object Lock and versioned.",
  'NIST.800.53.R5::NIST.800.53.R5-S3DefaultEncryptionKMS':
    'The access-log bucket has SSE-S3, for S3 log delivery does not support SSE-KMS, and so has the bucket of override lists, which names public updates and is read by the roles of nodes.',
  'Serverless::Serverless-SQSRedrivePolicy':
    'Only dead-letter queues have no redrive policy of their own; each has an alarm.',
  'Serverless::Serverless-LambdaEventSourceMappingDestination':
    'The sources are SQS queues, whose redrive policy keeps failed messages; on-failure destinations are for streams.',
  'AwsSolutions::AwsSolutions-SQS3':
    'Only queues that are dead-letter queues themselves (of topics, rules and schedules) have none.',
  'AwsSolutions::AwsSolutions-APIG4':
    "Approval links need no sign-in: a decision needs the link's secret and the code from the mail. Every other route has an authorizer.",
}

/** Wildcard resources, each by its exact finding. */
const wildcards: Readonly<Record<string, string>> = {
  'Resource::*':
    'X-Ray, CloudWatch GetMetricData, EC2 DescribeInstances, Inspector ListFindings and SSM inventory calls support no resource-level permissions.',
  'Resource::arn:aws:ssm:<region>:<account>:document/Drydock-*': 'Exactly our documents; they share the prefix.',
  'Resource::arn:aws:ssm:<region>:<account>:managed-instance/*': 'Narrowed by the tags patch-managed and patch-stage.',
  'Resource::arn:aws:ec2:<region>:<account>:instance/*': 'Narrowed by the tags patch-managed and patch-stage.',
  'Resource::arn:aws:ssm:<region>:<account>:*':
    'ListCommands, ListCommandInvocations and CancelCommand name commands, whose ids are made at run time.',
}

export function acknowledge(stack: Stack) {
  const wild = Object.entries(wildcards).map(([finding, reason]) => ({
    id: `AwsSolutions::AwsSolutions-IAM5[${finding.replace('<region>', stack.region).replace('<account>', stack.account)}]`,
    reason,
  }))
  const rules = Object.entries(everywhere).map(([id, reason]) => ({ id, reason }))
  Validations.of(stack).acknowledge(
    ...rules,
    ...wild,
    ...stack.node.findAll().flatMap((construct) => ownWildcards(stack, construct)),
  )
}

/** Wildcards below one of our own resources, whose logical id only synthesis knows. */
function ownWildcards(stack: Stack, construct: IConstruct) {
  const finding = (resource: string, reason: string) => ({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`,
    reason,
  })
  if (construct instanceof CfnBucket) {
    const id = stack.getLogicalId(construct)
    return ['v1', 'intel', 'overrides'].map((prefix) =>
      finding(`<${id}.Arn>/${prefix}/*`, 'Objects of one prefix of our own bucket.'),
    )
  }
  if (construct instanceof CfnStateMachine) {
    const id = stack.getLogicalId(construct)
    return [
      finding(
        `arn:aws:states:${stack.region}:${stack.account}:execution:<${id}.Name>:*`,
        'Executions of one machine of ours, named at run time.',
      ),
    ]
  }
  if (construct instanceof CfnFunction) {
    const id = stack.getLogicalId(construct)
    return [finding(`<${id}.Arn>:*`, 'Versions of one function, as the scheduler target grants them.')]
  }
  return []
}

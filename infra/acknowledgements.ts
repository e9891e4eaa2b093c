/** The cdk-nag rules that Drydock departs from, each with its reason. */
import { type Stack, Token, Validations } from 'aws-cdk-lib'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { IConstruct } from 'constructs'
import { calendarsArn, commandsArn, documentsArn, executionsArn, nodeArns } from './constructs/arns.ts'

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

/** Wildcard resources, each by its exact finding, which names an account that is not known yet by its pseudo parameter. */
function wildcards(stack: Stack) {
  const readable = (arn: string) =>
    Token.isUnresolved(stack.account) ? arn.replaceAll(stack.account, '<AWS::AccountId>') : arn
  const reasons: Readonly<Record<string, string>> = {
    '*': 'X-Ray, CloudWatch GetMetricData, EC2 DescribeInstances, Inspector ListFindings and SSM inventory calls support no resource-level permissions.',
    [documentsArn(stack)]: 'Exactly our documents; they share the prefix.',
    ...Object.fromEntries(nodeArns(stack).map((arn) => [arn, 'Narrowed by the tags patch-managed and patch-stage.'])),
    [calendarsArn(stack)]:
      'GetCalendarState reads calendars that the catalogue names, of this account or shared by another.',
    [commandsArn(stack)]:
      'ListCommands, ListCommandInvocations and CancelCommand name commands, whose ids are made at run time.',
    ...ownWildcards(stack),
  }
  return Object.entries(reasons).map(([arn, reason]) => ({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${readable(arn)}]`,
    reason,
  }))
}

export function acknowledge(stack: Stack) {
  const rules = Object.entries(everywhere).map(([id, reason]) => ({ id, reason }))
  Validations.of(stack).acknowledge(...rules, ...wildcards(stack))
}

/** Wildcards below resources of our own, whose logical ids only synthesis knows. */
function ownWildcards(stack: Stack): Readonly<Record<string, string>> {
  const reasonsOf = (construct: IConstruct): readonly (readonly [string, string])[] => {
    if (construct instanceof CfnBucket) {
      const id = stack.getLogicalId(construct)
      return ['v1', 'v1/object', 'intel', 'overrides'].map((prefix) => [
        `<${id}.Arn>/${prefix}/*`,
        'Objects of one prefix of our own bucket.',
      ])
    }
    if (construct instanceof CfnStateMachine)
      return [
        [
          executionsArn(stack, `<${stack.getLogicalId(construct)}.Name>`),
          'Executions of one machine of ours, named at run time.',
        ],
      ]
    if (construct instanceof CfnFunction)
      return [
        [`<${stack.getLogicalId(construct)}.Arn>:*`, 'Versions of one function, as the scheduler target grants them.'],
      ]
    return []
  }
  return Object.fromEntries(stack.node.findAll().flatMap(reasonsOf))
}

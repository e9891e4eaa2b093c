/** What each need of infra/functions.ts is in IAM: exact actions on exact resources. */
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { DrydockConfig, SpokeRole } from '../config.ts'
import type { MachineNeed, Need } from '../functions.ts'
import { calendarsArn, commandsArn, documentsArn, executionsArn, identityArn, nodeArns, spokeRoleArn } from './arns.ts'
import { allow } from './drydock-function.ts'
import type { Foundation } from './foundation.ts'
import type { Messaging } from './messaging.ts'

export interface FunctionsProps {
  readonly config: DrydockConfig
  readonly foundation: Foundation
  readonly messaging: Messaging
}

/** Allows one function what one need stands for. */
type Grant = (lambda: Lambda, props: FunctionsProps) => void

/** Sending to one queue. */
const send =
  (queue: 'findings' | 'enrich' | 'assess' | 'dispatch' | 'archive' | 'refusals'): Grant =>
  (lambda, { messaging }) =>
    allow(lambda, ['sqs:SendMessage'], [messaging[queue].queue.queueArn])

const decrypt: Grant = (lambda, { foundation }) => allow(lambda, ['kms:Decrypt'], [foundation.dataKey.keyArn])
const encrypt: Grant = (lambda, { foundation }) => allow(lambda, ['kms:GenerateDataKey'], [foundation.dataKey.keyArn])

/** A need that is a setting alone. */
const told: Grant = () => undefined

export type Grants = Readonly<Record<Exclude<Need, MachineNeed>, Grant>>

/** What every need grants: a need that stands here with nothing grants nothing, and one that does not stand here does not compile. */
export const grants: Grants = {
  ledger: (lambda, { foundation: { table } }) =>
    allow(
      lambda,
      ['GetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem'].map((action) => `dynamodb:${action}`),
      [table.tableArn, `${table.tableArn}/index/list`],
    ),
  'plans:read': (lambda, props) => {
    allow(lambda, ['s3:GetObject'], [props.foundation.evidence.bucket.arnForObjects('v1/object/*')])
    decrypt(lambda, props)
  },
  'plans:write': (lambda, props) => {
    allow(lambda, ['s3:PutObject'], [props.foundation.evidence.bucket.arnForObjects('v1/object/*')])
    encrypt(lambda, props)
  },
  'findings:send': send('findings'),
  'finding-aggregators': told,
  inspector: (lambda) => allow(lambda, ['inspector2:ListFindings'], ['*']),
  'nudge:enrich': send('enrich'),
  'nudge:assess': send('assess'),
  'nudge:dispatch': send('dispatch'),
  'nudge:archive': send('archive'),
  refusals: send('refusals'),
  'feed-addresses': told,
  'feeds:read': (lambda, props) => {
    allow(lambda, ['s3:GetObject'], [props.foundation.feedsBucket.arnForObjects('intel/*')])
    decrypt(lambda, props)
  },
  'feeds:write': (lambda, props) => {
    allow(lambda, ['s3:PutObject'], [props.foundation.feedsBucket.arnForObjects('intel/*')])
    encrypt(lambda, props)
  },
  'evidence:read': (lambda, props) => {
    const { bucket } = props.foundation.evidence
    allow(lambda, ['s3:GetObject'], [bucket.arnForObjects('v1/*')])
    allow(lambda, ['s3:ListBucket'], [bucket.bucketArn])
    decrypt(lambda, props)
  },
  'evidence:write': (lambda, props) => {
    allow(lambda, ['s3:PutObject'], [props.foundation.evidence.bucket.arnForObjects('v1/*')])
    encrypt(lambda, props)
  },
  'evidence:sign': (lambda, { foundation: { evidence } }) =>
    allow(
      lambda,
      ['kms:Sign', 'kms:GetPublicKey'],
      [evidence.key, evidence.postQuantumKey].flatMap((key) => key?.keyArn ?? []),
    ),
  'overrides:write': (lambda, { foundation }) =>
    allow(lambda, ['s3:PutObject'], [foundation.overridesBucket.arnForObjects('overrides/*')]),
  documents: (lambda) => allow(lambda, ['ssm:DescribeDocument'], [documentsArn(lambda)]),
  calendars: (lambda) => allow(lambda, ['ssm:GetCalendarState'], [calendarsArn(lambda)]),
  nodes: (lambda) => allow(lambda, ['ssm:DescribeInstanceInformation', 'ssm:GetInventory'], ['*']),
  zones: (lambda) => allow(lambda, ['ec2:DescribeInstances'], ['*']),
  'spoke-nodes': (lambda, { config }) => grantSpokes(lambda, config, 'inventory', ['sts:AssumeRole']),
  metrics: (lambda) => allow(lambda, ['cloudwatch:GetMetricData'], ['*']),
  mail: (lambda, { config: { mailSender }, foundation: { approvalTopic, dataKey } }) => {
    const domain = mailSender.split('@')[1] ?? ''
    allow(lambda, ['ses:SendEmail'], [identityArn(lambda, mailSender), identityArn(lambda, domain)])
    allow(lambda, ['sns:Publish'], [approvalTopic.topicArn])
    allow(lambda, ['kms:Decrypt', 'kms:GenerateDataKey'], [dataKey.keyArn])
  },
  'console-address': told,
  commands: (lambda, { config }) => grantCommands(lambda, config),
}

const isMachineNeed = (need: Need): need is MachineNeed => !(need in grants)

/** Grants what the need stands for; the machines grant theirs once they stand. */
export function grantNeed(lambda: Lambda, need: Need, props: FunctionsProps) {
  if (!isMachineNeed(need)) grants[need](lambda, props)
}

/** Starting and looking at executions of a machine, or answering one that waits. */
export function grantMachine(lambda: Lambda, need: MachineNeed, machine: StateMachine) {
  if (need !== 'change-machine') return allow(lambda, ['states:SendTaskSuccess'], [machine.stateMachineArn])
  allow(lambda, ['states:StartExecution', 'states:ListExecutions'], [machine.stateMachineArn])
  allow(lambda, ['states:DescribeExecution'], [executionsArn(lambda, machine.stateMachineName)])
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

/** The hub's Lambdas, each with its environment and exactly the permissions that infra/functions.ts lists. */
import { Duration, Stack } from 'aws-cdk-lib'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { type DrydockConfig, type SpokeRole, spokeRoleArn } from '../config.ts'
import { type FunctionName, type FunctionSpec, functionSpecs, type Need } from '../functions.ts'
import { allow, DrydockFunction } from './drydock-function.ts'
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

export class Functions extends Construct {
  private readonly made = new Map<string, Lambda>()
  private readonly props: FunctionsProps

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id)
    this.props = props
    for (const [name, spec] of Object.entries<FunctionSpec>(functionSpecs)) this.make(name, spec)
  }

  named(name: FunctionName): Lambda {
    const lambda = this.made.get(name)
    if (!lambda) throw new Error(`no function ${name}`)
    return lambda
  }

  /** Lets a function start, look at or answer a machine; called once the machines stand. */
  grantMachine(
    need: 'change-machine' | 'answer:approval' | 'answer:deployment' | 'answer:rollback',
    machine: StateMachine,
  ) {
    for (const [name, spec] of Object.entries<FunctionSpec>(functionSpecs)) {
      if (!spec.needs.includes(need)) continue
      const lambda = this.made.get(name)
      if (!lambda) continue
      if (need === 'change-machine') {
        lambda.addEnvironment('DRYDOCK_CHANGE_MACHINE_ARN', machine.stateMachineArn)
        const executions = `arn:aws:states:${Stack.of(this).region}:${Stack.of(this).account}:execution:${machine.stateMachineName}:*`
        allow(lambda, ['states:StartExecution', 'states:ListExecutions'], [machine.stateMachineArn])
        allow(lambda, ['states:DescribeExecution'], [executions])
      } else allow(lambda, ['states:SendTaskSuccess'], [machine.stateMachineArn])
    }
  }

  private make(name: string, spec: FunctionSpec) {
    const { foundation, messaging } = this.props
    const [room = '', file = ''] = name.split('/')
    const id = [room, ...file.split('-')].map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')
    const { lambda } = new DrydockFunction(this, id, {
      handler: name,
      failureMeans: spec.failureMeans,
      alarmAction: foundation.alarmAction,
      deadLetters: messaging.deadLetters,
      dataKey: foundation.dataKey,
      environment: this.environment(),
      ...(spec.timeoutSeconds === undefined ? {} : { timeout: Duration.seconds(spec.timeoutSeconds) }),
      ...(spec.memoryMegabytes === undefined ? {} : { memoryMegabytes: spec.memoryMegabytes }),
    })
    this.made.set(name, lambda)
    for (const need of spec.needs) this.grant(lambda, need)
  }

  private environment(): Record<string, string> {
    const { config, foundation, messaging } = this.props
    return {
      DRYDOCK_TABLE: foundation.table.tableName,
      DRYDOCK_ACCOUNT: Stack.of(this).account,
      DRYDOCK_EVIDENCE_BUCKET: foundation.evidenceBucket.bucketName,
      DRYDOCK_FEEDS_BUCKET: foundation.feedsBucket.bucketName,
      DRYDOCK_OUTPUT_BUCKET: foundation.outputBucket.bucketName,
      DRYDOCK_EVIDENCE_KEY_ID: foundation.evidenceKey.keyId,
      DRYDOCK_EVIDENCE_LOG_NAME: `drydock.${Stack.of(this).account}.${Stack.of(this).region}/evidence`,
      DRYDOCK_FINDINGS_QUEUE_URL: messaging.findings.queue.queueUrl,
      DRYDOCK_ENRICH_QUEUE_URL: messaging.enrich.queue.queueUrl,
      DRYDOCK_ASSESS_QUEUE_URL: messaging.assess.queue.queueUrl,
      DRYDOCK_DISPATCH_QUEUE_URL: messaging.dispatch.queue.queueUrl,
      DRYDOCK_ARCHIVE_QUEUE_URL: messaging.archive.queue.queueUrl,
      DRYDOCK_INTAKE_REFUSALS_QUEUE_URL: messaging.refusals.queue.queueUrl,
      ...(config.findingAggregators.length === 0
        ? {}
        : { DRYDOCK_FINDING_AGGREGATORS: config.findingAggregators.join(',') }),
      DRYDOCK_MAIL_SENDER: config.mailSender,
      DRYDOCK_APPROVAL_TOPIC_ARN: foundation.approvalTopic.topicArn,
      DRYDOCK_SNS_APPROVERS: config.snsApprovers.map(({ id }) => id).join(','),
      DRYDOCK_KEV_ADDRESS: config.feeds.kev,
      DRYDOCK_EPSS_ADDRESS: config.feeds.epss,
      DRYDOCK_VULNRICHMENT_ADDRESS: config.feeds.vulnrichment,
      ...(config.ssmEndpoint === undefined
        ? {}
        : Object.fromEntries(
            ['SSM', 'CLOUDWATCH', 'STS', 'EC2'].map((service) => [
              `AWS_ENDPOINT_URL_${service}`,
              config.ssmEndpoint ?? '',
            ]),
          )),
      DRYDOCK_SPOKES: JSON.stringify(config.spokes),
    }
  }

  private grant(lambda: Lambda, need: Need) {
    const { foundation, messaging, config } = this.props
    const { region, account } = Stack.of(this)
    const key = foundation.dataKey.keyArn
    switch (need) {
      case 'ledger':
        return allow(
          lambda,
          [
            'dynamodb:GetItem',
            'dynamodb:Query',
            'dynamodb:PutItem',
            'dynamodb:DeleteItem',
            'dynamodb:ConditionCheckItem',
          ],
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
        allow(lambda, ['s3:GetObject'], [foundation.evidenceBucket.arnForObjects('v1/*')])
        allow(lambda, ['s3:ListBucket'], [foundation.evidenceBucket.bucketArn])
        return allow(lambda, ['kms:Decrypt'], [key])
      case 'evidence:write':
        allow(lambda, ['s3:PutObject'], [foundation.evidenceBucket.arnForObjects('v1/*')])
        return allow(lambda, ['kms:GenerateDataKey'], [key])
      case 'evidence:sign':
        return allow(lambda, ['kms:Sign', 'kms:GetPublicKey'], [foundation.evidenceKey.keyArn])
      case 'documents':
        return allow(lambda, ['ssm:DescribeDocument'], [`arn:aws:ssm:${region}:${account}:document/Drydock-*`])
      case 'nodes':
        return allow(lambda, ['ssm:DescribeInstanceInformation', 'ssm:GetInventory'], ['*'])
      case 'inventories':
        allow(lambda, ['ec2:DescribeInstances'], ['*'])
        return this.grantSpokes(lambda, 'inventory', ['sts:AssumeRole'])
      case 'metrics':
        return allow(lambda, ['cloudwatch:GetMetricData'], ['*'])
      case 'mail':
        allow(
          lambda,
          ['ses:SendEmail'],
          [
            `arn:aws:ses:${region}:${account}:identity/${config.mailSender}`,
            `arn:aws:ses:${region}:${account}:identity/${config.mailSender.split('@')[1]}`,
          ],
        )
        allow(lambda, ['sns:Publish'], [foundation.approvalTopic.topicArn])
        return allow(lambda, ['kms:Decrypt', 'kms:GenerateDataKey'], [key])
      case 'commands':
        return this.grantCommands(lambda)
      default:
        return
    }
  }

  /** Exactly the roles that the spokes of the configuration make; the session tags name change and plan. */
  private grantSpokes(lambda: Lambda, role: SpokeRole, actions: readonly string[]) {
    const roles = this.props.config.spokes.map((spoke) => spokeRoleArn(spoke, role))
    if (roles.length > 0) allow(lambda, actions, roles)
  }

  /** Sending a command is root on the node: our documents only, on tagged nodes only, never a shell document. */
  private grantCommands(lambda: Lambda) {
    const { region, account } = Stack.of(this)
    this.grantSpokes(lambda, 'patch', ['sts:AssumeRole', 'sts:TagSession'])
    allow(lambda, ['ssm:SendCommand'], [`arn:aws:ssm:${region}:${account}:document/Drydock-*`])
    allow(
      lambda,
      ['ssm:SendCommand'],
      [`arn:aws:ec2:${region}:${account}:instance/*`, `arn:aws:ssm:${region}:${account}:managed-instance/*`],
      {
        StringEquals: { 'ssm:resourceTag/patch-managed': 'true' },
        StringLike: { 'ssm:resourceTag/patch-stage': '*' },
      },
    )
    allow(
      lambda,
      ['ssm:ListCommands', 'ssm:ListCommandInvocations', 'ssm:GetCommandInvocation', 'ssm:CancelCommand'],
      [`arn:aws:ssm:${region}:${account}:*`],
    )
  }
}

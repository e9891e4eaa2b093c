/** The hub's Lambdas, each with its environment and exactly the permissions that infra/functions.ts lists. */
import { Duration, Stack } from 'aws-cdk-lib'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { type FunctionName, type FunctionSpec, functionSpecs, type Need } from '../functions.ts'
import { executionsArn } from './arns.ts'
import { allow, DrydockFunction } from './drydock-function.ts'
import { type FunctionsProps, grantNeed } from './permissions.ts'

/** Needs of functions that assume roles of spokes, and so have to know them. */
const reachesSpokes: ReadonlySet<Need> = new Set(['commands', 'spoke-nodes'])

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
        allow(lambda, ['states:StartExecution', 'states:ListExecutions'], [machine.stateMachineArn])
        allow(lambda, ['states:DescribeExecution'], [executionsArn(this, machine.stateMachineName)])
      } else allow(lambda, ['states:SendTaskSuccess'], [machine.stateMachineArn])
    }
  }

  private make(name: string, spec: FunctionSpec) {
    const { foundation, messaging, config } = this.props
    const { spokes } = config
    const [room = '', file = ''] = name.split('/')
    const id = [room, ...file.split('-')].map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')
    const { lambda } = new DrydockFunction(this, id, {
      handler: name,
      failureMeans: spec.failureMeans,
      alarmAction: foundation.alarmAction,
      deadLetters: messaging.deadLetters,
      dataKey: foundation.dataKey,
      environment: {
        ...this.environment(),
        ...(spec.needs.some((need) => reachesSpokes.has(need)) ? { DRYDOCK_SPOKES: JSON.stringify(spokes) } : {}),
      },
      ...(spec.timeoutSeconds === undefined ? {} : { timeout: Duration.seconds(spec.timeoutSeconds) }),
      ...(spec.memoryMegabytes === undefined ? {} : { memoryMegabytes: spec.memoryMegabytes }),
    })
    this.made.set(name, lambda)
    for (const need of spec.needs) grantNeed(lambda, need, this.props)
  }

  private environment(): Record<string, string> {
    const { config, foundation, messaging } = this.props
    return {
      DRYDOCK_TABLE: foundation.table.tableName,
      DRYDOCK_ACCOUNT: Stack.of(this).account,
      DRYDOCK_PARTITION: Stack.of(this).partition,
      DRYDOCK_EVIDENCE_BUCKET: foundation.evidence.bucket.bucketName,
      DRYDOCK_FEEDS_BUCKET: foundation.feedsBucket.bucketName,
      DRYDOCK_OVERRIDES_BUCKET: foundation.overridesBucket.bucketName,
      DRYDOCK_OUTPUT_BUCKET: foundation.outputBucket.bucketName,
      DRYDOCK_EVIDENCE_KEY_ID: foundation.evidence.key.keyId,
      DRYDOCK_FINDINGS_QUEUE_URL: messaging.findings.queue.queueUrl,
      DRYDOCK_ENRICH_QUEUE_URL: messaging.enrich.queue.queueUrl,
      ...(foundation.evidence.postQuantumKey
        ? { DRYDOCK_EVIDENCE_POST_QUANTUM_KEY_ID: foundation.evidence.postQuantumKey.keyId }
        : {}),
      DRYDOCK_EVIDENCE_LOG_NAME: foundation.evidence.logName,
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
    }
  }
}

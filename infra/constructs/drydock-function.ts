/** A Lambda of Drydock: its bundle, its log group, its alarm that says what a failure means. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { Effect, type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Architecture, Code, Function as Lambda, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { bundleOf } from '../bundle.ts'
import { alarmOnFirst } from './alarm.ts'

export interface DrydockFunctionProps {
  /** `<room>/<verb-noun>`, the handler file under functions/. */
  readonly handler: string
  /** What it means for people when this fails; becomes the alarm's text. */
  readonly failureMeans: string
  readonly environment: Readonly<Record<string, string>>
  readonly alarmAction: IAlarmAction
  /** Encrypts the function's log. */
  readonly dataKey: IKey
  /** Where asynchronous events go that failed every retry. */
  readonly deadLetters: IQueue
  readonly timeout?: Duration
  readonly memoryMegabytes?: number
}

export class DrydockFunction extends Construct {
  readonly lambda: Lambda

  constructor(scope: Construct, id: string, props: DrydockFunctionProps) {
    super(scope, id)
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: props.dataKey,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    allow(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn])
    this.lambda = new Lambda(this, 'Resource', {
      role,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundleOf(props.handler)),
      description: `Drydock ${props.handler}. When it fails: ${props.failureMeans}`.slice(0, 256),
      environment: { ...props.environment, POWERTOOLS_SERVICE_NAME: props.handler.replace('/', '.') },
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: props.memoryMegabytes ?? 512,
      deadLetterQueue: props.deadLetters,
      logGroup,
      tracing: Tracing.ACTIVE,
    })
    alarmOnFirst(this, 'Errors', {
      metric: this.lambda.metricErrors({ period: Duration.minutes(5) }),
      means: `${props.handler}: ${props.failureMeans} Runbook: docs/guides/runbook.md#${props.handler.replace('/', '-')}`,
      alarmAction: props.alarmAction,
    })
  }
}

/** Allows exactly these actions on exactly these resources. */
export function allow(
  grantee: IGrantable,
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>,
) {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: [...actions],
      resources: [...resources],
      ...(conditions ? { conditions } : {}),
    }),
  )
}

/** A state machine whose definition is a JSON file: the file routes, this construct names, grants and watches. */
import { readFileSync } from 'node:fs'
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { alarmOnFirst } from './alarm.ts'
import { executionsArn } from './arns.ts'
import { deliveredLog } from './delivered-log.ts'
import { allow } from './drydock-function.ts'

export interface StateMachineFromFileProps {
  /** File name under statemachines/, without `.asl.json`. */
  readonly file: string
  /** One function per `${Placeholder}`; the machine may invoke these and no others. */
  readonly functions: Readonly<Record<string, IFunction>>
  /** One machine per `${...Machine}` placeholder, started and waited for. */
  readonly machines?: Readonly<Record<string, StateMachine>>
  readonly alarmAction: IAlarmAction
  /** Encrypts the machine's log. */
  readonly dataKey: IKey
  readonly failureMeans: string
  /** Put in place of every timeout that is an expression, for a runtime that evaluates none there (the emulator). */
  readonly timeoutSeconds?: number
}

/** The file in the stack's partition; integrations stand in it as they read in most. */
const definitionOf = (text: string, partition: string, timeoutSeconds?: number): unknown =>
  JSON.parse(text.replaceAll('arn:aws:states:::', `arn:${partition}:states:::`), (key, value) =>
    key === 'TimeoutSeconds' && typeof value === 'string' ? (timeoutSeconds ?? value) : value,
  )

export class StateMachineFromFile extends Construct {
  readonly stateMachine: StateMachine

  /** @throws Error at synth when the file's placeholders and what is given for them differ. */
  constructor(scope: Construct, id: string, props: StateMachineFromFileProps) {
    super(scope, id)
    const text = readFileSync(new URL(`../../statemachines/${props.file}.asl.json`, import.meta.url), 'utf8')
    const machines = props.machines ?? {}
    const wanted = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name))
    const odd = [...wanted.symmetricDifference(new Set([...Object.keys(props.functions), ...Object.keys(machines)]))]
    if (odd.length > 0)
      throw new Error(`${props.file}.asl.json and its given functions and machines differ: ${odd.join(', ')}`)

    this.stateMachine = new StateMachine(this, 'Resource', {
      definitionBody: DefinitionBody.fromString(
        JSON.stringify(definitionOf(text, Stack.of(this).partition, props.timeoutSeconds)),
      ),
      definitionSubstitutions: {
        ...Object.fromEntries(Object.entries(props.functions).map(([name, fn]) => [name, fn.functionArn])),
        ...Object.fromEntries(Object.entries(machines).map(([name, machine]) => [name, machine.stateMachineArn])),
      },
      tracingEnabled: true,
      // Execution data holds task tokens: it stays out of the log.
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: false,
        destination: new LogGroup(this, 'Log', {
          logGroupName: deliveredLog(this, 'states'),
          retention: RetentionDays.ONE_YEAR,
          encryptionKey: props.dataKey,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    })
    const functionArns = Object.values(props.functions).map((fn) => fn.functionArn)
    if (functionArns.length > 0) allow(this.stateMachine, ['lambda:InvokeFunction'], functionArns)
    this.grantMachines(Object.values(machines))
    this.watch(props)
  }

  /**
   * What `startExecution.sync:2` needs, https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
   */
  private grantMachines(machines: readonly StateMachine[]) {
    if (machines.length === 0) return
    allow(
      this.stateMachine,
      ['states:StartExecution'],
      machines.map((machine) => machine.stateMachineArn),
    )
    allow(
      this.stateMachine,
      ['states:DescribeExecution', 'states:StopExecution'],
      machines.map((machine) => executionsArn(this, machine.stateMachineName)),
    )
    allow(
      this.stateMachine,
      ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      [
        Stack.of(this).formatArn({
          service: 'events',
          resource: 'rule',
          resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
        }),
      ],
    )
  }

  private watch({ failureMeans, alarmAction, file }: StateMachineFromFileProps) {
    const metrics = {
      Failed: this.stateMachine.metricFailed(),
      TimedOut: this.stateMachine.metricTimedOut(),
      Aborted: this.stateMachine.metricAborted(),
    }
    for (const [name, metric] of Object.entries(metrics))
      alarmOnFirst(this, `${name}Alarm`, {
        metric: metric.with({ period: Duration.minutes(5), statistic: 'Sum' }),
        means: `${file}: ${failureMeans} Runbook: docs/guides/runbook.md#machines`,
        alarmAction,
      })
  }
}

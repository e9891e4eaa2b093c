/** The hub's Lambdas, each with its environment and exactly the permissions that infra/functions.ts lists. */
import { Duration } from 'aws-cdk-lib'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { variableOf } from '../../functions/aws/configuration.ts'
import { type FunctionName, type FunctionSpec, functionSpecs, type MachineNeed, type Need } from '../functions.ts'
import { DrydockFunction } from './drydock-function.ts'
import { environmentOf, type LateSetting, wants } from './environment.ts'
import { type FunctionsProps, grantMachine, grantNeed } from './permissions.ts'

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

  /** Lets every function that needs it start and look at a machine, or answer it; called once the machines stand. */
  grantMachine(need: MachineNeed, machine: StateMachine) {
    if (need === 'change-machine') this.tell('changeMachineArn', machine.stateMachineArn)
    for (const lambda of this.withNeeds((needs) => needs.includes(need))) grantMachine(lambda, need, machine)
  }

  /** Tells a setting that is known late to every function that wants it. */
  tell(setting: LateSetting, value: string) {
    for (const lambda of this.withNeeds((needs) => wants(needs, setting)))
      lambda.addEnvironment(variableOf(setting), value)
  }

  private withNeeds(isMeant: (needs: readonly Need[]) => boolean): Lambda[] {
    return Object.entries<FunctionSpec>(functionSpecs).flatMap(([name, { needs }]) =>
      isMeant(needs) ? (this.made.get(name) ?? []) : [],
    )
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
      environment: environmentOf(spec.needs, this.props, this),
      ...(spec.timeoutSeconds === undefined ? {} : { timeout: Duration.seconds(spec.timeoutSeconds) }),
      ...(spec.memoryMegabytes === undefined ? {} : { memoryMegabytes: spec.memoryMegabytes }),
    })
    this.made.set(name, lambda)
    for (const need of spec.needs) grantNeed(lambda, need, this.props)
  }
}

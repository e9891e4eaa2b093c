/**
 * A spoke: an account whose nodes the hub patches. It gives two roles to functions of the hub, and forwards its
 * findings and command results.
 */
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { EventBus, Rule } from 'aws-cdk-lib/aws-events'
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets'
import {
  ArnPrincipal,
  CompositePrincipal,
  Effect,
  PolicyStatement,
  Role,
  SessionTagsPrincipal,
} from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { type DrydockConfig, spokeRoleName } from './config.ts'
import { AlarmTopic } from './constructs/alarm-topic.ts'
import { commandsArn, documentsArn, nodeArns } from './constructs/arns.ts'
import { DeadLetterQueue } from './constructs/dead-letter-queue.ts'
import { Documents } from './constructs/documents.ts'
import { allow } from './constructs/drydock-function.ts'
import { commandPattern, findingPattern } from './constructs/messaging.ts'

export interface SpokeStackProps extends StackProps {
  readonly config: DrydockConfig
  readonly externalId: string
  readonly organizationId: string
  /** The hub's outputs. */
  readonly hub: NonNullable<DrydockConfig['hub']>
}

export class SpokeStack extends Stack {
  constructor(scope: Construct, id: string, { config, externalId, organizationId, hub, ...props }: SpokeStackProps) {
    super(scope, id, props)
    const trusted = { 'sts:ExternalId': externalId, 'aws:PrincipalOrgID': organizationId }
    this.makePatchRole(hub.dispatcherRoleArn, trusted)
    this.makeInventoryRole([hub.inventoryRoleArn, hub.plannerRoleArn], trusted)
    this.forwardEvents(hub.busArn, config.alarmEmail)
    const overrideLists = { bucket: hub.overridesBucket, region: config.region }
    if (config.target === 'aws') new Documents(this, 'Documents', { overrideLists })
  }

  /** Only the hub's dispatcher may assume it, and must name the change and plan. */
  private makePatchRole(hubRoleArn: string, trusted: Readonly<Record<string, string>>) {
    const hub = new ArnPrincipal(hubRoleArn).withConditions({
      StringEquals: trusted,
      StringLike: { 'aws:RequestTag/change': '*', 'aws:RequestTag/planHash': '*' },
    })
    const role = new Role(this, 'PatchRole', {
      roleName: spokeRoleName('patch', this.region),
      description: 'Assumed by the Drydock hub to patch tagged nodes with Drydock documents',
      assumedBy: new SessionTagsPrincipal(hub),
      maxSessionDuration: Duration.hours(1),
    })
    allow(role, ['ssm:SendCommand', 'ssm:DescribeDocument'], [documentsArn(this)])
    allow(role, ['ssm:SendCommand'], nodeArns(this), {
      StringEquals: { 'ssm:resourceTag/patch-managed': 'true' },
      StringLike: { 'ssm:resourceTag/patch-stage': '*' },
    })
    allow(
      role,
      ['ssm:ListCommands', 'ssm:ListCommandInvocations', 'ssm:GetCommandInvocation', 'ssm:CancelCommand'],
      [commandsArn(this)],
    )
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['ssm:SendCommand'],
        resources: ['AWS-RunShellScript', 'AWS-RunPowerShellScript', 'AWS-RunRemoteScript', 'AWS-RunDocument'].map(
          (resourceName) =>
            this.formatArn({ service: 'ssm', region: '*', account: '*', resource: 'document', resourceName }),
        ),
      }),
    )
  }

  private makeInventoryRole(hubRoleArns: readonly string[], trusted: Readonly<Record<string, string>>) {
    const role = new Role(this, 'InventoryRole', {
      roleName: spokeRoleName('inventory', this.region),
      description: 'Assumed by the Drydock hub to read nodes and their inventory',
      assumedBy: new CompositePrincipal(
        ...hubRoleArns.map((arn) => new ArnPrincipal(arn).withConditions({ StringEquals: trusted })),
      ),
      maxSessionDuration: Duration.hours(1),
    })
    allow(role, ['ssm:DescribeInstanceInformation', 'ssm:GetInventory', 'ec2:DescribeInstances'], ['*'])
  }

  private forwardEvents(busArn: string, alarmEmail: string) {
    const key = new Key(this, 'DataKey', {
      description: 'Drydock: alarms of this spoke',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const { alarmAction } = new AlarmTopic(this, 'Alarms', { email: alarmEmail, key })
    const { queue: deadLetterQueue } = new DeadLetterQueue(this, 'Unforwarded', {
      deadLetterMeans:
        'An event of this account did not reach the hub: a finding is missing there, or a rollout waits.',
      alarmAction,
    })
    const hubBus = EventBus.fromEventBusArn(this, 'HubBus', busArn)
    for (const [name, eventPattern] of Object.entries({ Findings: findingPattern, Commands: commandPattern }))
      new Rule(this, name, {
        eventPattern,
        targets: [new EventBusTarget(hubBus, { deadLetterQueue })],
        description: `${name} to the Drydock hub`,
      })
  }
}

/** A spoke: an account whose nodes the hub patches. It gives one role to one hub role, and forwards its findings and command results. */
import { Duration, Stack, type StackProps } from 'aws-cdk-lib'
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
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { type DrydockConfig, spokeRoleName } from './config.ts'
import { Documents } from './constructs/documents.ts'
import { commandPattern, findingPattern } from './constructs/messaging.ts'

export interface SpokeStackProps extends StackProps {
  readonly config: DrydockConfig
  readonly externalId: string
  /** The hub's outputs. */
  readonly hub: NonNullable<DrydockConfig['hub']>
}

export class SpokeStack extends Stack {
  constructor(scope: Construct, id: string, { config, externalId, hub, ...props }: SpokeStackProps) {
    super(scope, id, props)
    this.makePatchRole(externalId, hub.dispatcherRoleArn, config.organizationId)
    this.makeInventoryRole(externalId, [hub.inventoryRoleArn, hub.plannerRoleArn], config.organizationId)
    const deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const hubBus = EventBus.fromEventBusArn(this, 'HubBus', hub.busArn)
    for (const [name, eventPattern] of Object.entries({ Findings: findingPattern, Commands: commandPattern })) {
      new Rule(this, name, {
        eventPattern,
        targets: [new EventBusTarget(hubBus, { deadLetterQueue })],
        description: `${name} to the Drydock hub`,
      })
    }
    const overrideLists = { bucket: hub.overridesBucket, region: config.region }
    if (config.target === 'aws') new Documents(this, 'Documents', { overrideLists })
  }

  /** Whoever assumes it must say for which change and plan; nobody but the hub's dispatcher may. */
  private makePatchRole(externalId: string, hubRoleArn: string, organizationId: string) {
    const hub = new ArnPrincipal(hubRoleArn).withConditions({
      StringEquals: { 'sts:ExternalId': externalId, 'aws:PrincipalOrgID': organizationId },
      StringLike: { 'aws:RequestTag/change': '*', 'aws:RequestTag/planHash': '*' },
    })
    const role = new Role(this, 'PatchRole', {
      roleName: spokeRoleName('patch', this.region),
      description: 'Assumed by the Drydock hub to patch tagged nodes with Drydock documents',
      assumedBy: new SessionTagsPrincipal(hub),
      maxSessionDuration: Duration.hours(1),
    })
    const own = (resource: string) => `arn:aws:ssm:${this.region}:${this.account}:${resource}`
    const allow = (actions: string[], resources: string[], conditions: Record<string, Record<string, string>> = {}) =>
      role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions }))
    allow(['ssm:SendCommand', 'ssm:DescribeDocument'], [own('document/Drydock-*')])
    allow(['ssm:SendCommand'], [`arn:aws:ec2:${this.region}:${this.account}:instance/*`, own('managed-instance/*')], {
      StringEquals: { 'ssm:resourceTag/patch-managed': 'true' },
      StringLike: { 'ssm:resourceTag/patch-stage': '*' },
    })
    allow(
      ['ssm:ListCommands', 'ssm:ListCommandInvocations', 'ssm:GetCommandInvocation', 'ssm:CancelCommand'],
      [own('*')],
    )
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['ssm:SendCommand'],
        resources: ['AWS-RunShellScript', 'AWS-RunPowerShellScript', 'AWS-RunRemoteScript', 'AWS-RunDocument'].map(
          (name) => `arn:aws:ssm:*:*:document/${name}`,
        ),
      }),
    )
  }

  private makeInventoryRole(externalId: string, hubRoleArns: readonly string[], organizationId: string) {
    const conditions = { StringEquals: { 'sts:ExternalId': externalId, 'aws:PrincipalOrgID': organizationId } }
    const role = new Role(this, 'InventoryRole', {
      roleName: spokeRoleName('inventory', this.region),
      description: 'Assumed by the Drydock hub to read which nodes there are',
      assumedBy: new CompositePrincipal(...hubRoleArns.map((arn) => new ArnPrincipal(arn).withConditions(conditions))),
      maxSessionDuration: Duration.hours(1),
    })
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ssm:DescribeInstanceInformation', 'ssm:GetInventory', 'ec2:DescribeInstances'],
        resources: ['*'],
      }),
    )
  }
}

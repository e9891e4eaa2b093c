/** ARNs of what the stacks do not make themselves, in whatever partition and account they are deployed to. */
import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { type Place, type SpokeRole, spokeRoleName } from '../config.ts'

/** Our SSM documents share a prefix. */
export const documentsArn = (scope: Construct) =>
  Stack.of(scope).formatArn({ service: 'ssm', resource: 'document', resourceName: 'Drydock-*' })

/** Change calendars: documents that the catalogue names, of this account or shared by another. */
export const calendarsArn = (scope: Construct) =>
  Stack.of(scope).formatArn({ service: 'ssm', account: '*', region: '*', resource: 'document', resourceName: '*' })

/** Nodes, on EC2 and elsewhere; who grants them narrows them by tags. */
export const nodeArns = (scope: Construct) => [
  Stack.of(scope).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' }),
  Stack.of(scope).formatArn({ service: 'ssm', resource: 'managed-instance', resourceName: '*' }),
]

/** Commands have ids that are made at run time, and no ARN form of their own. */
export const commandsArn = (scope: Construct) => Stack.of(scope).formatArn({ service: 'ssm', resource: '*' })

export const identityArn = (scope: Construct, resourceName: string) =>
  Stack.of(scope).formatArn({ service: 'ses', resource: 'identity', resourceName })

export const logGroupsArn = (scope: Construct) =>
  Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })

/** Every execution of one machine. */
export const executionsArn = (scope: Construct, machineName: string) =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })

/** The role that a spoke stack makes in its account; functions/aws/spokes.ts puts the same together. */
export const spokeRoleArn = (scope: Construct, { account, region }: Place, role: SpokeRole) =>
  Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    account,
    resource: 'role',
    resourceName: spokeRoleName(role, region),
  })

export const accountArn = (scope: Construct, account: string) =>
  Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    account,
    resource: 'root',
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  })

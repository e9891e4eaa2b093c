import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../../infra/build-app.ts'
import { bundleHandlers } from '../../infra/bundle.ts'
import { readConfig } from '../../infra/config.ts'
import { config, context, statements } from './stacks.ts'

describe('10.2 a spoke', () => {
  let hub: Template
  let spoke: Template

  beforeAll(async () => {
    await bundleHandlers()
    const stacks = buildApp(new App({ context }), config, '111111111111')
    hub = Template.fromStack(stacks.hub)
    spoke = Template.fromStack(stacks.spokes[0] ?? stacks.hub)
  }, 120_000)

  it('gives the spoke role to the hub role with an external id and the organisation', () => {
    spoke.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { AWS: 'arn:aws:iam::111111111111:role/hub' },
            Condition: { StringEquals: { 'sts:ExternalId': '0123456789abcdef', 'aws:PrincipalOrgID': 'o-abcdefghij' } },
          }),
        ],
      },
    })
  })

  it('F44 lets three functions assume exactly the roles of the configured spokes', () => {
    const assumes = statements(hub).filter(({ Action }) => [Action].flat().includes('sts:AssumeRole'))
    expect(assumes.map(({ Resource }) => Resource).sort()).toEqual([
      'arn:aws:iam::222222222222:role/drydock-inventory-eu-west-1',
      'arn:aws:iam::222222222222:role/drydock-inventory-eu-west-1',
      'arn:aws:iam::222222222222:role/drydock-patch-eu-west-1',
    ])
    const roles = Object.values(spoke.findResources('AWS::IAM::Role')).map(({ Properties }) => Properties)
    expect(roles.flatMap(({ RoleName }) => RoleName ?? []).sort()).toEqual([
      'drydock-inventory-eu-west-1',
      'drydock-patch-eu-west-1',
    ])
    const patch = roles.find(({ RoleName }) => RoleName === 'drydock-patch-eu-west-1')
    expect(patch?.AssumeRolePolicyDocument.Statement[0].Condition.StringLike).toEqual({
      'aws:RequestTag/change': '*',
      'aws:RequestTag/planHash': '*',
    })
  })

  it('F44 lets the inventory and the planner of the hub read a spoke, and the dispatcher alone patch it', () => {
    const trusted = Object.values(spoke.findResources('AWS::IAM::Role')).flatMap(({ Properties }) =>
      Properties.RoleName
        ? Properties.AssumeRolePolicyDocument.Statement.flatMap(
            ({ Principal }: { Principal: { AWS: string | string[] } }) =>
              [Principal.AWS].flat().map((arn) => `${Properties.RoleName} ${arn}`),
          )
        : [],
    )
    expect(trusted.sort()).toEqual([
      'drydock-inventory-eu-west-1 arn:aws:iam::111111111111:role/inventory',
      'drydock-inventory-eu-west-1 arn:aws:iam::111111111111:role/planner',
      'drydock-patch-eu-west-1 arn:aws:iam::111111111111:role/hub',
    ])
  })

  it('10.4 tells people of a spoke when its events do not reach the hub', () => {
    const [alarm] = Object.values(spoke.findResources('AWS::CloudWatch::Alarm')).filter(({ Properties }) =>
      Properties.AlarmDescription.includes('did not reach the hub'),
    )
    expect(alarm?.Properties.AlarmActions).toHaveLength(1)
    const queues = Object.values(spoke.findResources('AWS::Events::Rule')).map(
      ({ Properties }) => Properties.Targets[0].DeadLetterConfig.Arn['Fn::GetAtt'][0],
    )
    expect(new Set(queues)).toEqual(new Set([alarm?.Properties.Dimensions[0].Value['Fn::GetAtt'][0]]))
  })

  it('F44 tells the spokes to the functions that reach them, and to no other', () => {
    const known = Object.values(hub.findResources('AWS::Lambda::Function'))
      .filter(({ Properties }) => Properties.Environment.Variables.DRYDOCK_SPOKES)
      .map(({ Properties }) => /Drydock (\S+)\./.exec(Properties.Description)?.[1])
    expect(known.sort()).toEqual(['inventory/sync-assets', 'planning/plan-change', 'rollout/dispatch-hosts'])
  })

  it('B16 refuses spokes without an organisation, and more of them than a function can be told of', () => {
    const { organizationId: _, ...without } = config
    expect(() => readConfig(without)).toThrow('is required with spokes')
    expect(readConfig({ ...without, spokes: [] }).organizationId).toBeUndefined()
    const spokes = Array.from({ length: 26 }, () => config.spokes[0])
    expect(() => readConfig({ ...config, spokes })).toThrow('more than 2000 characters')
  })
})

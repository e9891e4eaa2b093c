import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, it } from 'vitest'
import { documentNames } from '../../documents/index.ts'
import { lintTemplate } from '../../documents/lint.ts'
import { windowsDocumentNames } from '../../documents/windows.ts'
import { buildApp } from '../../infra/build-app.ts'
import { bundleHandlers, handlerNames } from '../../infra/bundle.ts'
import { readConfig } from '../../infra/config.ts'
import { watched } from '../../infra/constructs/alarms.ts'
import { functionSpecs } from '../../infra/functions.ts'
import { filesUnder } from '../house/source-files.ts'
import { config, context, statements } from './stacks.ts'

beforeAll(async () => {
  await bundleHandlers()
}, 120_000)

describe('10.2 the stacks', () => {
  let hub: Template
  let spoke: Template
  let postQuantum: Template

  beforeAll(() => {
    const app = new App({ context })
    const stacks = buildApp(app, config, '111111111111')
    hub = Template.fromStack(stacks.hub)
    spoke = Template.fromStack(stacks.spokes[0] ?? stacks.hub)
    const second = buildApp(new App({ context }), { ...config, evidence: { postQuantum: true } }, '111111111111')
    postQuantum = Template.fromStack(second.hub)
  }, 120_000)

  it('allows no wildcard action to anyone', () => {
    const actions = [...statements(hub), ...statements(spoke)]
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => [Action].flat())
    expect(actions.filter((action: string) => action.includes('*'))).toEqual([])
  })

  it('5.1 gives hub and spoke the same documents, also for Windows, with the one bucket of override lists in them, and the lint finds nothing', () => {
    const named = (template: Template) =>
      new Map(
        Object.values(template.findResources('AWS::SSM::Document')).map(({ Properties }) => [
          Properties.Name,
          Properties.Content,
        ]),
      )
    const [ofHub, ofSpoke] = [named(hub), named(spoke)]
    expect([...ofHub.keys()].toSorted()).toEqual([...documentNames, ...windowsDocumentNames].toSorted())
    const [bucketId] =
      Object.entries(hub.findResources('AWS::S3::Bucket')).find(([id]) => id.includes('Overrides')) ?? []
    const resolved = JSON.parse(
      JSON.stringify([...ofHub]).replaceAll(`{"Ref":"${bucketId}"}`, '"drydock-overrides-111111111111"'),
      (_, value) => (value?.['Fn::Join'] ? value['Fn::Join'][1].join('') : value),
    )
    expect(new Map(resolved)).toEqual(ofSpoke)
    for (const template of [hub, spoke]) expect(lintTemplate(template.toJSON())).toEqual([])
  })

  it('B42 lets the planner alone write override lists, each once, and the organisation read them', () => {
    const writers = statements(hub).filter(({ Resource }) => JSON.stringify(Resource).includes('/overrides/*'))
    expect(writers.map(({ Action }) => Action)).toEqual(['s3:PutObject'])
    const policy = Object.entries(hub.findResources('AWS::S3::BucketPolicy')).find(([id]) => id.includes('Overrides'))
    const rules = policy?.[1].Properties.PolicyDocument.Statement ?? []
    const ruleOf = (sid: string) => rules.find(({ Sid }: { readonly Sid?: string }) => Sid === sid)
    expect(ruleOf('ListsAreWrittenOnce')).toMatchObject({
      Effect: 'Deny',
      Condition: { Null: { 's3:if-none-match': 'true' } },
    })
    expect(ruleOf('ListsStay')).toMatchObject({ Effect: 'Deny', Action: 's3:DeleteObject' })
    expect(ruleOf('NodesFindLists')).toMatchObject({ Condition: { StringLike: { 's3:prefix': 'overrides/*' } } })
    expect(ruleOf('NodesReadLists')).toMatchObject({
      Action: 's3:GetObject',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
    })
  })

  it('lets SendCommand reach tagged nodes by our documents only', () => {
    const sends = statements(hub).filter(({ Action }) => [Action].flat().includes('ssm:SendCommand'))
    expect(sends).toHaveLength(2)
    const onNodes = sends.find(({ Condition }) => Condition)
    expect(onNodes?.Condition.StringEquals).toEqual({ 'ssm:resourceTag/patch-managed': 'true' })
    expect(JSON.stringify(sends.find(({ Condition }) => !Condition)?.Resource)).toContain('document/Drydock-*')
  })

  it('B16 3.8 tells intake which accounts may send findings of others, and brings imports to its queue', () => {
    hub.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('intake/receive-findings'),
      Environment: { Variables: Match.objectLike({ DRYDOCK_FINDING_AGGREGATORS: '333333333333,111111111111' }) },
    })
    expect(() => readConfig({ ...config, findingAggregators: ['3333'] })).toThrow('twelve digits')
    const patterns = Object.values(hub.findResources('AWS::Events::Rule')).map(
      ({ Properties }) => Properties.EventPattern,
    )
    const imports = patterns.filter((pattern) => pattern['detail-type'].includes('Drydock Findings Imported'))
    expect(imports).toHaveLength(2)
    for (const pattern of imports) expect(pattern.source).toContain('drydock.import')
  })

  it('I6 F3 pulls findings within fifteen minutes of their update, where the configuration does not say otherwise', () => {
    const rates = Object.values(hub.findResources('AWS::Scheduler::Schedule')).map(({ Properties }) => [
      Properties.Description,
      Properties.ScheduleExpression,
    ])
    expect(rates).toContainEqual(['intake/pull-findings every 10 minutes', 'rate(10 minutes)'])
  })

  it('has a specification for every handler and a handler for every specification', () => {
    expect(Object.keys(functionSpecs).sort()).toEqual(handlerNames())
  })

  it('10.4 watches every dead-letter queue and every function', () => {
    const alarms = Object.values(hub.findResources('AWS::CloudWatch::Alarm'))
    for (const { Properties } of alarms) expect(Properties.AlarmActions, Properties.AlarmDescription).toHaveLength(1)
    expect(alarms.filter(({ Properties }) => Properties.MetricName === 'Errors')).toHaveLength(
      Object.keys(functionSpecs).length,
    )
    const queues = Object.entries(hub.findResources('AWS::SQS::Queue'))
    const dead = queues.filter(([, { Properties }]) => Properties.RedrivePolicy === undefined).map(([id]) => id)
    const watchedQueues = alarms
      .filter(({ Properties }) => Properties.Namespace === 'AWS/SQS')
      .map(({ Properties }) => Properties.Dimensions[0].Value['Fn::GetAtt'][0])
    expect(dead.filter((id) => !watchedQueues.includes(id))).toEqual([])
    expect(dead.length).toBeGreaterThanOrEqual(8)
  })

  it('10.4 watches every machine for executions that fail, time out or are aborted', () => {
    const metrics = Object.values(hub.findResources('AWS::CloudWatch::Alarm'))
      .filter(({ Properties }) => Properties.Namespace === 'AWS/States')
      .map(({ Properties }) => Properties.MetricName)
    const machines = Object.keys(hub.findResources('AWS::StepFunctions::StateMachine')).length
    for (const name of ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'])
      expect(metrics.filter((metric) => metric === name)).toHaveLength(machines)
  })

  it('10.4 watches each metric in every room that counts it, and in no other', () => {
    const sources = filesUnder(['functions'], '.ts')
    // Answers are taken by the console's function.
    const runBy: Readonly<Record<string, string>> = { people: 'console' }
    for (const [metric, { services }] of Object.entries(watched)) {
      const rooms = sources
        .filter(({ text }) => text.includes(`count('${metric}'`))
        .map(({ path }) => path.split('/')[1] ?? '')
        // A port counts for whoever uses it; who goes on without an answer is watched by other means.
        .filter((room) => room !== 'aws')
        .map((room) => runBy[room] ?? room)
      expect(new Set(services.map((service) => service.split('.')[0])), metric).toEqual(new Set(rooms))
      for (const service of services) expect(Object.keys(functionSpecs)).toContain(service.replace('.', '/'))
    }
  })

  it('10.4 says in every alarm where it is written what to do', () => {
    const alarms = [hub, spoke].flatMap((template) => Object.values(template.findResources('AWS::CloudWatch::Alarm')))
    for (const { Properties } of alarms) {
      const [, file = '', anchor = ''] =
        /(?:Runbook|Guide): (docs\/guides\/[a-z]+\.md)#([a-z-]+)$/.exec(Properties.AlarmDescription) ?? []
      expect(file, Properties.AlarmDescription).not.toBe('')
      const headings = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').match(/^## .*$/gm) ?? []
      expect(headings.map((heading) => heading.slice(3).toLowerCase().replaceAll(' ', '-'))).toContain(anchor)
    }
  })

  it('10.4 I20 rings when a schedule does not run at all', () => {
    const silent = Object.values(hub.findResources('AWS::CloudWatch::Alarm')).filter(
      ({ Properties }) => Properties.TreatMissingData === 'breaching',
    )
    expect(silent.map(({ Properties }) => Properties.AlarmDescription.split(' Runbook')[0]).sort()).toEqual([
      'No pull from Inspector has succeeded for an hour.',
      'driver/reconcile-changes has not run for 15 minutes.',
      'evidence/archive-leaves has not run for 15 minutes.',
    ])
  })

  it('keeps no noncurrent version for ever, but of evidence', () => {
    const buckets = Object.values(hub.findResources('AWS::S3::Bucket')).filter(
      ({ Properties }) => !Properties.ObjectLockEnabled,
    )
    expect(buckets).toHaveLength(4)
    for (const { Properties } of buckets)
      expect(Properties.LifecycleConfiguration.Rules).toMatchObject([
        {
          NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ])
  })

  it('2.1 gives each approver by SNS a subscription that lets through nothing meant for another', () => {
    const subscriptions = Object.values(hub.findResources('AWS::SNS::Subscription'))
      .map(({ Properties }) => Properties)
      .filter(({ FilterPolicy }) => FilterPolicy)
    expect(subscriptions.map(({ Endpoint, Protocol, FilterPolicy }) => [Protocol, Endpoint, FilterPolicy])).toEqual([
      ['email', 'olivia@example.com', { approver: ['olivia'] }],
      ['https', 'https://chat.example/drydock/sven', { approver: ['sven'] }],
    ])
    const topics = new Set(subscriptions.map(({ TopicArn }) => JSON.stringify(TopicArn)))
    expect(topics.size).toBe(1)
    for (const { RedrivePolicy } of subscriptions) expect(RedrivePolicy).toBeDefined()
    const unfiltered = Object.values(hub.findResources('AWS::SNS::Subscription')).filter(
      ({ Properties }) => !Properties.FilterPolicy && topics.has(JSON.stringify(Properties.TopicArn)),
    )
    expect(unfiltered).toEqual([])
  })

  it.each([
    ['a plain http endpoint', { id: 'sven', protocol: 'https', endpoint: 'http://chat.example' }],
    ['an id that is none', { id: 'sven,olivia', protocol: 'email', endpoint: 'sven@example.com' }],
    ['an approver who is listed twice', { id: 'olivia', protocol: 'email', endpoint: 'olivia@example.com' }],
  ])('refuses %s', (_, approver) => {
    expect(() => readConfig({ ...config, snsApprovers: [...config.snsApprovers, approver] })).toThrow('snsApprovers')
  })

  it('2.1 waits for approvers as long as the policy says', () => {
    const definitions = Object.values(hub.findResources('AWS::StepFunctions::StateMachine')).map(({ Properties }) =>
      JSON.stringify(Properties.DefinitionString),
    )
    const approval = definitions.filter((text) => text.includes('Remind the approvers'))
    expect(approval).toHaveLength(1)
    expect(approval[0]?.match(/states\.input\.waitSeconds/g)).toHaveLength(3)
  })

  it('8.8 keeps evidence under Object Lock in governance mode unless compliance is written', () => {
    hub.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
    })
  })

  it('8.8 I9 lets nobody put over or hide what the log holds, and the checkpoint only be replaced knowingly', () => {
    const denials = Object.values(hub.findResources('AWS::S3::BucketPolicy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect, Sid }) => Effect === 'Deny' && Sid !== undefined)
    const deniedOf = (sid: string) => {
      const { Action, Principal, Condition, Resource } = denials.find(({ Sid }) => Sid === sid) ?? {}
      const paths = [Resource]
        .flat()
        .map((resource) => resource['Fn::Join'][1].at(-1))
        .sort()
      return { Action, Principal, Condition, paths }
    }
    const anyone = { AWS: '*' }
    const [files, checkpoint] = [['/v1/leaf/*', '/v1/object/*', '/v1/tlog/tile/*'], '/v1/tlog/checkpoint']
    expect(deniedOf('LogIsWrittenOnce')).toEqual({
      Action: 's3:PutObject',
      Principal: anyone,
      Condition: { Null: { 's3:if-none-match': 'true' } },
      paths: files,
    })
    expect(deniedOf('CheckpointIsReplacedKnowingly')).toEqual({
      Action: 's3:PutObject',
      Principal: anyone,
      Condition: { Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' } },
      paths: [checkpoint],
    })
    expect(deniedOf('EvidenceIsNotHidden')).toEqual({
      Action: 's3:DeleteObject',
      Principal: anyone,
      Condition: undefined,
      paths: [...files, checkpoint].sort(),
    })
  })

  it('8.8 signs with an Ed25519 key, and with an ML-DSA-65 key beside it when the configuration asks for it', () => {
    const specs = (template: Template) =>
      Object.values(template.findResources('AWS::KMS::Key')).flatMap(({ Properties }) => Properties.KeySpec ?? [])
    expect(specs(hub)).toEqual(['ECC_NIST_EDWARDS25519'])
    expect(specs(postQuantum).sort()).toEqual(['ECC_NIST_EDWARDS25519', 'ML_DSA_65'])
    const [keyId = ''] = Object.entries(postQuantum.findResources('AWS::KMS::Key'))
      .filter(([, { Properties }]) => Properties.KeySpec === 'ML_DSA_65')
      .map(([id]) => id)
    postQuantum.hasOutput('EvidencePostQuantumKeyId', { Value: { Ref: keyId } })
    postQuantum.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ DRYDOCK_EVIDENCE_POST_QUANTUM_KEY_ID: { Ref: keyId } }) },
    })
    const signs = statements(postQuantum).find(({ Action }) => [Action].flat().includes('kms:Sign'))
    expect(JSON.stringify(signs?.Resource)).toContain(keyId)
  })

  it('keeps approval pages open and everything else behind sign-in', () => {
    const routes = Object.values(hub.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ])
    for (const [key, authorization] of routes)
      expect(authorization, key).toBe(key.includes('/approve') ? 'NONE' : 'AWS_IAM')
  })

  it('B45 refuses a configuration with a misspelt key and names it', () => {
    expect(() => readConfig({ ...config, retentoin: {} })).toThrow('retentoin')
  })
})

describe('10.2 the stacks elsewhere', () => {
  it('are made by the committed configuration, of an account that nobody knows yet', () => {
    const { hub, spokes } = buildApp(new App({ context }), readConfig(context.drydock), undefined)
    expect(spokes).toEqual([])
    Template.fromStack(hub).resourceCountIs('AWS::Lambda::Function', Object.keys(functionSpecs).length)
  })

  it.each([
    ['China', 'cn-north-1', 'aws-cn'],
    ['GovCloud', 'us-gov-west-1', 'aws-us-gov'],
  ])('name no resource of another partition in %s', (_, region, partition) => {
    const place = { account: '222222222222', region, externalId: '0123456789abcdef' }
    const stacks = buildApp(
      new App({ context }),
      {
        ...config,
        region,
        spokes: [place],
        consoleSignIn: { kind: 'oidc', issuer: 'https://id.example', audience: ['a'] },
      },
      undefined,
    )
    const texts = [stacks.hub, ...stacks.spokes].map((stack) => JSON.stringify(Template.fromStack(stack).toJSON()))
    for (const text of texts) {
      // What came in by the configuration names its own partition.
      const arns =
        text.replaceAll(/arn:aws:(?:iam|events):[a-z0-9-]*:111111111111:/g, '').match(/arn:aws[a-z-]*:/g) ?? []
      expect(new Set(arns)).toEqual(new Set([`arn:${partition}:`]))
    }
  })
})

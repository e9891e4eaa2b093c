/** What a function is told: the settings that follow from its needs, and no others. */
import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { type SettingName, variableOf } from '../../functions/aws/configuration.ts'
import type { Need } from '../functions.ts'
import type { FunctionsProps } from './permissions.ts'

/** Known only once the machines and the API stand. */
export type LateSetting = 'changeMachineArn' | 'consoleUrl'
/** Told by Lambda itself, or asked for by the command line alone. */
type ForeignSetting = 'region' | 'endpointUrl' | 'deadLettersQueueUrl'
type EarlySetting = Exclude<SettingName, LateSetting | ForeignSetting>

const spokes = ['partition', 'spokes'] as const

/** The settings of each need; a need that forgets them does not compile. */
export const settingsOf: Readonly<Record<Need, readonly (EarlySetting | LateSetting)[]>> = {
  ledger: ['table', 'account', 'evidenceBucket'],
  'plans:read': ['evidenceBucket'],
  'plans:write': ['evidenceBucket'],
  'findings:send': ['findingsQueueUrl'],
  'finding-aggregators': ['findingAggregators'],
  inspector: [],
  'nudge:enrich': ['enrichQueueUrl'],
  'nudge:assess': ['assessQueueUrl'],
  'nudge:dispatch': ['dispatchQueueUrl'],
  'nudge:archive': ['archiveQueueUrl'],
  refusals: ['refusalsQueueUrl'],
  'feed-addresses': ['kevAddress', 'epssAddress', 'vulnrichmentAddress'],
  'feeds:read': ['feedsBucket'],
  'feeds:write': ['feedsBucket'],
  'evidence:read': ['evidenceBucket'],
  'evidence:write': ['evidenceBucket'],
  'evidence:sign': ['evidenceKeyId', 'evidencePostQuantumKeyId', 'evidenceLogName'],
  'overrides:write': ['overridesBucket'],
  'change-machine': ['changeMachineArn'],
  'answer:approval': [],
  'answer:deployment': [],
  'answer:rollback': [],
  commands: ['outputBucket', ...spokes],
  documents: [],
  calendars: [],
  nodes: [],
  zones: [],
  'spoke-nodes': spokes,
  metrics: [],
  mail: ['mailSender', 'approvalTopicArn', 'snsApprovers'],
  'console-address': ['consoleUrl'],
}

type SettingValue = (props: FunctionsProps, scope: Construct) => string

const settingValues: Readonly<Record<EarlySetting, SettingValue>> = {
  table: ({ foundation }) => foundation.table.tableName,
  account: (_, scope) => Stack.of(scope).account,
  partition: (_, scope) => Stack.of(scope).partition,
  spokes: ({ config }) => JSON.stringify(config.spokes),
  evidenceBucket: ({ foundation }) => foundation.evidence.bucket.bucketName,
  feedsBucket: ({ foundation }) => foundation.feedsBucket.bucketName,
  overridesBucket: ({ foundation }) => foundation.overridesBucket.bucketName,
  outputBucket: ({ foundation }) => foundation.outputBucket.bucketName,
  evidenceKeyId: ({ foundation }) => foundation.evidence.key.keyId,
  evidencePostQuantumKeyId: ({ foundation }) => foundation.evidence.postQuantumKey?.keyId ?? 'none',
  evidenceLogName: ({ foundation }) => foundation.evidence.logName,
  findingsQueueUrl: ({ messaging }) => messaging.findings.queue.queueUrl,
  enrichQueueUrl: ({ messaging }) => messaging.enrich.queue.queueUrl,
  assessQueueUrl: ({ messaging }) => messaging.assess.queue.queueUrl,
  dispatchQueueUrl: ({ messaging }) => messaging.dispatch.queue.queueUrl,
  archiveQueueUrl: ({ messaging }) => messaging.archive.queue.queueUrl,
  refusalsQueueUrl: ({ messaging }) => messaging.refusals.queue.queueUrl,
  findingAggregators: ({ config }) => config.findingAggregators.join(','),
  mailSender: ({ config }) => config.mailSender,
  approvalTopicArn: ({ foundation }) => foundation.approvalTopic.topicArn,
  snsApprovers: ({ config }) => config.snsApprovers.map(({ id }) => id).join(','),
  kevAddress: ({ config }) => config.feeds.kev,
  epssAddress: ({ config }) => config.feeds.epss,
  vulnrichmentAddress: ({ config }) => config.feeds.vulnrichment,
}

/** On the local cloud the fleet simulator answers for these services, which the SDK looks up by their variables. */
const simulatedServices: Readonly<Partial<Record<Need, readonly string[]>>> = {
  commands: ['SSM', 'STS'],
  documents: ['SSM'],
  calendars: ['SSM'],
  nodes: ['SSM'],
  zones: ['EC2', 'STS'],
  'spoke-nodes': ['SSM', 'STS'],
  metrics: ['CLOUDWATCH'],
}

const isEarly = (setting: EarlySetting | LateSetting): setting is EarlySetting => setting in settingValues

/** Whether one of the needs wants a setting. */
export const wants = (needs: readonly Need[], setting: LateSetting): boolean =>
  needs.some((need) => settingsOf[need].includes(setting))

/** The variables of a function with these needs, but for those that are known later. */
export function environmentOf(needs: readonly Need[], props: FunctionsProps, scope: Construct): Record<string, string> {
  const settings = new Set(needs.flatMap((need) => settingsOf[need]).filter(isEarly))
  const { ssmEndpoint } = props.config
  const simulated = ssmEndpoint === undefined ? [] : needs.flatMap((need) => simulatedServices[need] ?? [])
  return Object.fromEntries([
    ...[...settings].map((setting) => [variableOf(setting), settingValues[setting](props, scope)]),
    ...simulated.map((service) => [`AWS_ENDPOINT_URL_${service}`, ssmEndpoint]),
  ])
}

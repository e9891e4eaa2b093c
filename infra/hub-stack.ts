/** The hub: everything but the nodes. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { DrydockConfig } from './config.ts'
import { Alarms } from './constructs/alarms.ts'
import { ConsoleApi } from './constructs/console-api.ts'
import { Documents } from './constructs/documents.ts'
import { Foundation } from './constructs/foundation.ts'
import { Functions } from './constructs/functions.ts'
import { Machines } from './constructs/machines.ts'
import { Messaging } from './constructs/messaging.ts'
import { Triggers } from './constructs/triggers.ts'

export interface HubStackProps extends StackProps {
  readonly config: DrydockConfig
}

export class HubStack extends Stack {
  constructor(scope: Construct, id: string, props: HubStackProps) {
    super(scope, id, props)
    const { config } = props
    const foundation = new Foundation(this, 'Foundation', { config })
    const { alarmAction } = foundation
    const messaging = new Messaging(this, 'Messaging', { alarmAction })
    const functions = new Functions(this, 'Functions', { config, foundation, messaging })
    // All that differs on the local cloud: the emulator (MiniStack 1.4.21) knows literal timeouts only, so there the approval machine
    // looks every minute; the rehearsal waits for no burst of results; and see the documents below.
    const isLocal = config.target === 'local'
    const machines = new Machines(this, 'Machines', {
      functions,
      foundation,
      ...(isLocal ? { literalTimeoutSeconds: 60 } : {}),
    })
    new Triggers(this, 'Triggers', {
      config,
      functions,
      messaging,
      changeMachine: machines.change,
      gathersBursts: !isLocal,
    })
    const { url } = new ConsoleApi(this, 'Console', {
      config,
      dataKey: foundation.dataKey,
      console: functions.named('console/serve-console'),
    })
    functions.tell('consoleUrl', url)
    // The emulator's CloudFormation has neither SSM documents, which are registered with the fleet simulator instead, nor policies of
    // event buses, and the simulator's events come from inside.
    if (!isLocal) {
      const { bucketName: bucket } = foundation.overridesBucket
      new Documents(this, 'Documents', { overrideLists: { bucket, region: this.region } })
      messaging.admitSpokes(config)
    }
    new Alarms(this, 'Watch', { config, functions, alarmAction })

    const outputs = {
      Account: this.account,
      DispatcherRoleArn: functions.named('rollout/dispatch-hosts').role?.roleArn ?? '',
      InventoryRoleArn: functions.named('inventory/sync-assets').role?.roleArn ?? '',
      PlannerRoleArn: functions.named('planning/plan-change').role?.roleArn ?? '',
      BusArn: messaging.bus.eventBusArn,
      LedgerTable: foundation.table.tableName,
      OverridesBucket: foundation.overridesBucket.bucketName,
      EvidenceBucket: foundation.evidence.bucket.bucketName,
      FeedsBucket: foundation.feedsBucket.bucketName,
      EvidenceKeyId: foundation.evidence.key.keyId,
      EvidenceLogName: foundation.evidence.logName,
      ...(foundation.evidence.postQuantumKey
        ? { EvidencePostQuantumKeyId: foundation.evidence.postQuantumKey.keyId }
        : {}),
      ChangeMachineArn: machines.change.stateMachineArn,
      EnrichQueueUrl: messaging.enrich.queue.queueUrl,
      AssessQueueUrl: messaging.assess.queue.queueUrl,
      DispatchQueueUrl: messaging.dispatch.queue.queueUrl,
      ArchiveQueueUrl: messaging.archive.queue.queueUrl,
      FindingsQueueUrl: messaging.findings.queue.queueUrl,
      DeadLettersQueueUrl: messaging.deadLetters.queueUrl,
      MailSender: config.mailSender,
      RefusalsQueueUrl: messaging.refusals.queue.queueUrl,
      SyncAssetsFunction: functions.named('inventory/sync-assets').functionName,
      RefreshFeedFunction: functions.named('intel/refresh-feed').functionName,
      ReconcileFunction: functions.named('driver/reconcile-changes').functionName,
      ArchiveFunction: functions.named('evidence/archive-leaves').functionName,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
  }
}

/** What everything stands on: keys, the ledger's table, the buckets, the topics. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { DrydockConfig } from '../config.ts'
import { ApprovalTopic } from './approval-topic.ts'

/** In a versioned bucket an expired object only becomes a noncurrent version, which would stay for ever. */
const keptFor = (days: number): LifecycleRule[] => [
  {
    expiration: Duration.days(days),
    noncurrentVersionExpiration: Duration.days(30),
    abortIncompleteMultipartUploadAfter: Duration.days(7),
  },
]

export class Foundation extends Construct {
  readonly dataKey: Key
  /** Signs leaves and checkpoints: Ed25519, for no other use. */
  readonly evidenceKey: Key
  readonly table: TableV2
  readonly evidenceBucket: Bucket
  readonly feedsBucket: Bucket
  readonly outputBucket: Bucket
  readonly approvalTopic: Topic
  readonly alarmTopic: Topic
  readonly alarmAction: SnsAction

  constructor(scope: Construct, id: string, { config }: { readonly config: DrydockConfig }) {
    super(scope, id)
    this.dataKey = new Key(this, 'DataKey', {
      description: 'Drydock: data at rest',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.evidenceKey = new Key(this, 'EvidenceKey', {
      description: 'Drydock: signs evidence leaves and checkpoints',
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.table = this.makeTable()
    const logs = this.makeBucket('AccessLogs', {
      lifecycleRules: keptFor(400),
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
    })
    this.evidenceBucket = this.makeBucket('Evidence', {
      ...this.encrypted(),
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: 'evidence/',
      objectLockEnabled: true,
      objectLockDefaultRetention:
        config.retention.mode === 'compliance'
          ? ObjectLockRetention.compliance(Duration.days(config.retention.days))
          : ObjectLockRetention.governance(Duration.days(config.retention.days)),
    })
    this.requireWriteOnce(this.evidenceBucket)
    this.feedsBucket = this.makeBucket('Feeds', {
      ...this.encrypted(),
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: 'feeds/',
      // Copies that a newer one replaced; one in force is never so old, for a feed that old has raised alarms for a year.
      lifecycleRules: keptFor(400),
    })
    this.outputBucket = this.makeBucket('Output', {
      ...this.encrypted(),
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: 'output/',
      lifecycleRules: keptFor(400),
    })
    this.alarmTopic = this.makeTopic('Alarms')
    const undelivered = new Queue(this, 'UndeliveredAlarms', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    this.alarmTopic.addSubscription(new EmailSubscription(config.alarmEmail, { deadLetterQueue: undelivered }))
    this.admitServices()
    this.alarmAction = new SnsAction(this.alarmTopic)
    new Alarm(this, 'AlarmsUndelivered', {
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: 'An alarm reached nobody. Runbook: docs/guides/runbook.md#dead-letters',
    }).addAlarmAction(this.alarmAction)
    this.approvalTopic = new ApprovalTopic(this, 'Approvals', {
      approvers: config.snsApprovers,
      dataKey: this.dataKey,
      alarmAction: this.alarmAction,
    }).topic
  }

  /** CloudWatch alarms publish to encrypted topics; CloudWatch Logs encrypts our log groups. */
  private admitServices() {
    const { region, account } = Stack.of(this)
    this.dataKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    )
    this.dataKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${account}:log-group:*` },
        },
      }),
    )
  }

  private makeTable() {
    return new TableV2(this, 'Ledger', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: 'list',
          partitionKey: { name: 'listPk', type: AttributeType.STRING },
          sortKey: { name: 'listSk', type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
      ],
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'deleteAfter',
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }

  private encrypted() {
    return { encryption: BucketEncryption.KMS, encryptionKey: this.dataKey, bucketKeyEnabled: true } as const
  }

  private makeBucket(id: string, props: BucketProps) {
    return new Bucket(this, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...props,
    })
  }

  private makeTopic(id: string) {
    return new Topic(this, id, { masterKey: this.dataKey, enforceSSL: true })
  }

  /** Leaves and log entries may only be created, never put over: S3 refuses a write without `If-None-Match`. */
  private requireWriteOnce(bucket: Bucket) {
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LeavesAreWrittenOnce',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('v1/leaf/*')],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    )
  }
}

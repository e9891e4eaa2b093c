/** What everything stands on: keys, the ledger's table, the buckets, the topics. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { type Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import type { Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { DrydockConfig } from '../config.ts'
import { AlarmTopic } from './alarm-topic.ts'
import { ApprovalTopic } from './approval-topic.ts'
import { logGroupsArn } from './arns.ts'
import { Evidence } from './evidence.ts'
import { OverrideLists } from './override-lists.ts'
import { keptFor, PrivateBucket } from './private-bucket.ts'

export class Foundation extends Construct {
  readonly dataKey: Key
  readonly evidence: Evidence
  readonly table: TableV2
  readonly feedsBucket: Bucket
  readonly outputBucket: Bucket
  readonly overridesBucket: Bucket
  readonly approvalTopic: Topic
  readonly alarmAction: SnsAction

  constructor(scope: Construct, id: string, { config }: { readonly config: DrydockConfig }) {
    super(scope, id)
    this.dataKey = new Key(this, 'DataKey', {
      description: 'Drydock: data at rest',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.table = this.makeTable()
    const logs = new PrivateBucket(this, 'AccessLogs', {
      lifecycleRules: keptFor(400),
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
    })
    const storage = (prefix: string) => ({
      encryption: BucketEncryption.KMS,
      encryptionKey: this.dataKey,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: prefix,
    })
    this.evidence = new Evidence(this, 'Evidence', { config, storage: storage('evidence/') })
    this.feedsBucket = new PrivateBucket(this, 'Feeds', {
      ...storage('feeds/'),
      // Copies that a newer one replaced; one in force is never so old, for a feed that old has raised alarms for a year.
      lifecycleRules: keptFor(400),
    })
    this.outputBucket = new PrivateBucket(this, 'Output', {
      ...storage('output/'),
      lifecycleRules: keptFor(400),
    })
    const { organizationId } = config
    this.overridesBucket = new OverrideLists(this, 'Overrides', { organizationId, accessLogs: logs }).bucket
    this.alarmAction = new AlarmTopic(this, 'Alarms', { email: config.alarmEmail, key: this.dataKey }).alarmAction
    this.admitLogs()
    this.approvalTopic = new ApprovalTopic(this, 'Approvals', {
      approvers: config.snsApprovers,
      dataKey: this.dataKey,
      alarmAction: this.alarmAction,
    }).topic
  }

  /** CloudWatch Logs encrypts our log groups. */
  private admitLogs() {
    const stack = Stack.of(this)
    this.dataKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
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
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroupsArn(this) },
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
}

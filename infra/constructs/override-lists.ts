/** The bucket of override lists, which say what Windows nodes install: written once, read by the nodes of the organisation, or of the hub's account where there is none. */
import { Stack } from 'aws-cdk-lib'
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { type Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { keptFor, PrivateBucket } from './private-bucket.ts'

export interface OverrideListsProps {
  /** Absent: only nodes of the hub's own account read. */
  readonly organizationId: string | undefined
  readonly accessLogs: Bucket
}

const lists = 'overrides/*'

export class OverrideLists extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, { organizationId, accessLogs }: OverrideListsProps) {
    super(scope, id)
    this.bucket = new PrivateBucket(this, 'Resource', {
      // Numbers of public updates are no secret, and a key would have to be granted to the role of every node.
      encryption: BucketEncryption.S3_MANAGED,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'overrides/',
      // A list stands in its plan too, word for word: planned again, it is written again.
      lifecycleRules: keptFor(400),
    })
    const resources = [this.bucket.arnForObjects(lists)]
    const principals = [new AnyPrincipal()]
    const readers =
      organizationId === undefined
        ? { 'aws:PrincipalAccount': Stack.of(this).account }
        : { 'aws:PrincipalOrgID': organizationId }
    const ofOurs = { StringEquals: readers }
    // B42: a list is code by reference, so nobody puts another one in its place.
    const written = { effect: Effect.DENY, principals, resources }
    const read = { effect: Effect.ALLOW, principals }
    for (const statement of [
      {
        ...written,
        sid: 'ListsAreWrittenOnce',
        actions: ['s3:PutObject'],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      },
      { ...written, sid: 'ListsStay', actions: ['s3:DeleteObject'] },
      { ...read, sid: 'NodesReadLists', actions: ['s3:GetObject'], resources, conditions: ofOurs },
      {
        ...read,
        // SSM Agent lists what it is to fetch first, and fetches nothing when it may not.
        sid: 'NodesFindLists',
        actions: ['s3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions: { ...ofOurs, StringLike: { 's3:prefix': lists } },
      },
    ])
      this.bucket.addToResourcePolicy(new PolicyStatement(statement))
  }
}

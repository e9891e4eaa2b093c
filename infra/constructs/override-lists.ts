/** The bucket of override lists, which say what Windows nodes install: written once, read by the nodes of the organisation. */
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { type Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { keptFor, PrivateBucket } from './private-bucket.ts'

export interface OverrideListsProps {
  readonly organizationId: string
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
    // B42: a list is code by reference, so nobody puts another one in its place.
    const written = { effect: Effect.DENY, principals, resources }
    for (const statement of [
      {
        ...written,
        sid: 'ListsAreWrittenOnce',
        actions: ['s3:PutObject'],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      },
      { ...written, sid: 'ListsStay', actions: ['s3:DeleteObject'] },
      {
        sid: 'NodesReadLists',
        effect: Effect.ALLOW,
        principals,
        resources,
        actions: ['s3:GetObject'],
        conditions: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
      },
    ])
      this.bucket.addToResourcePolicy(new PolicyStatement(statement))
  }
}

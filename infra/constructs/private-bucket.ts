/** A bucket that nobody reaches from outside, versioned, and kept when its stack goes. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, type BucketProps, type LifecycleRule } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'

export class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...props,
    })
  }
}

/** In a versioned bucket an expired object only becomes a noncurrent version, which would stay for ever. */
export const keptFor = (days: number): LifecycleRule[] => [
  {
    expiration: Duration.days(days),
    noncurrentVersionExpiration: Duration.days(30),
    abortIncompleteMultipartUploadAfter: Duration.days(7),
  },
]

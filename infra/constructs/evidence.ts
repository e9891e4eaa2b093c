/** Where evidence is filed: a bucket that is written once, and the keys that sign what is in it. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import { type Bucket, type BucketProps, ObjectLockRetention } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { DrydockConfig } from '../config.ts'
import { PrivateBucket } from './private-bucket.ts'

export interface EvidenceProps {
  readonly config: DrydockConfig
  /** Encryption and access logging of the bucket. */
  readonly storage: BucketProps
}

export class Evidence extends Construct {
  readonly bucket: Bucket
  /** Signs leaves and checkpoints: Ed25519, for no other use. */
  readonly key: Key
  /** Signs checkpoints a second time: ML-DSA-65, where the configuration asks for it. */
  readonly postQuantumKey?: Key
  /** The origin of the log's checkpoints and the name of its keys. */
  readonly logName: string

  constructor(scope: Construct, id: string, { config, storage }: EvidenceProps) {
    super(scope, id)
    const { account, region } = Stack.of(this)
    this.logName = `drydock.${account}.${region}/evidence`
    this.key = new Key(this, 'Key', {
      description: 'Drydock: signs evidence leaves and checkpoints',
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    if (config.evidence.postQuantum)
      this.postQuantumKey = new Key(this, 'PostQuantumKey', {
        description: 'Drydock: signs evidence checkpoints, post-quantum',
        keySpec: KeySpec.ML_DSA_65,
        keyUsage: KeyUsage.SIGN_VERIFY,
        removalPolicy: RemovalPolicy.RETAIN,
      })
    const retention = Duration.days(config.retention.days)
    this.bucket = new PrivateBucket(this, 'Resource', {
      ...storage,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        config.retention.mode === 'compliance'
          ? ObjectLockRetention.compliance(retention)
          : ObjectLockRetention.governance(retention),
    })
    this.requireWriteOnce()
  }

  /**
   * Leaves, the objects that they name and the log's files may only be created, never put over or hidden; the checkpoint may only be put over by who
   * names the one that stands there. Object Lock keeps old versions; this keeps the path to what was written first.
   *
   * Multipart uploads fail too, for their first call takes no condition; what is filed is small.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
   */
  private requireWriteOnce() {
    const refuse = (sid: string, actions: string[], paths: string[], conditions?: { Null: Record<string, string> }) =>
      this.bucket.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions,
          resources: paths.map((path) => this.bucket.arnForObjects(path)),
          ...(conditions ? { conditions } : {}),
        }),
      )
    const [leaves, objects, tiles] = ['v1/leaf/*', 'v1/object/*', 'v1/tlog/tile/*']
    const checkpoint = 'v1/tlog/checkpoint'
    refuse('LogIsWrittenOnce', ['s3:PutObject'], [leaves, objects, tiles], { Null: { 's3:if-none-match': 'true' } })
    refuse('CheckpointIsReplacedKnowingly', ['s3:PutObject'], [checkpoint], {
      Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' },
    })
    refuse('EvidenceIsNotHidden', ['s3:DeleteObject'], [leaves, objects, tiles, checkpoint])
  }
}

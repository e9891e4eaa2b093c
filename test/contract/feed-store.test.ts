import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeAll, describe } from 'vitest'
import { s3FeedStore } from '../../functions/aws/feed-store.ts'
import { memoryFeedStore } from '../../simulator/ports/feed-store.ts'
import { endpoint, settings } from './aws.ts'
import { feedStoreContract } from './feed-store.ts'

describe('the feed store in memory', () => feedStoreContract(memoryFeedStore))

const run = randomUUID()
const s3 = new S3Client({ ...settings, forcePathStyle: true })

describe.skipIf(!endpoint)('the feed store on S3 or its emulator (needs DRYDOCK_AWS_ENDPOINT)', () => {
  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: `feeds-${run}` }))
  })
  feedStoreContract(() => s3FeedStore(`feeds-${run}`, s3), run)
})

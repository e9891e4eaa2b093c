/** Feed contents on S3: `intel/<feed>/<copy>/<shard>`. */
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { FeedStore } from '../intel/ports.ts'
import { clientSettings, environment } from './runtime.ts'

const keyOf = (feed: string, copy: string, shard: string) =>
  `intel/${feed}/${encodeURIComponent(copy)}/${encodeURIComponent(shard)}`

/** Feeds in the bucket named by DRYDOCK_FEEDS_BUCKET, or by the argument. */
export function s3FeedStore(
  named?: string,
  client = new S3Client({ ...clientSettings, forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined }),
): FeedStore {
  const Bucket = named ?? environment('DRYDOCK_FEEDS_BUCKET')
  return {
    async write(feed, copy, shard, text) {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: keyOf(feed, copy, shard),
          Body: text,
          ContentType: 'text/plain',
        }),
      )
    },
    async read(feed, copy, shard) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(feed, copy, shard) }))
        return await Body?.transformToString()
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined
        throw error
      }
    },
  }
}

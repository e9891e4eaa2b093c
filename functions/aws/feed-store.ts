/** Feed contents on S3: `intel/<feed>/<copy>/<shard>`. */
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { FeedStore } from '../intel/ports.ts'

const keyOf = (feed: string, copy: string, shard: string) =>
  `intel/${feed}/${encodeURIComponent(copy)}/${encodeURIComponent(shard)}`

/** Feeds in one bucket. */
export function s3FeedStore(Bucket: string, client: S3Client): FeedStore {
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

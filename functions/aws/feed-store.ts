/** Feed contents on S3: `intel/<feed>/<version>/<shard>`. */
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { FeedStore } from '../intel/ports.ts'
import { clientSettings, environment } from './runtime.ts'

const keyOf = (feed: string, version: string, shard: string) => `intel/${feed}/${encodeURIComponent(version)}/${shard}`

export function s3FeedStore(
  client = new S3Client({ ...clientSettings, forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined }),
): FeedStore {
  return {
    async write(feed, version, shard, text) {
      await client.send(
        new PutObjectCommand({
          Bucket: environment('DRYDOCK_FEEDS_BUCKET'),
          Key: keyOf(feed, version, shard),
          Body: text,
          ContentType: 'text/plain',
        }),
      )
    },
    async read(feed, version, shard) {
      try {
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: environment('DRYDOCK_FEEDS_BUCKET'), Key: keyOf(feed, version, shard) }),
        )
        return await Body?.transformToString()
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined
        throw error
      }
    },
  }
}

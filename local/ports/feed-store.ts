/** Feed shards in memory. */
import type { FeedStore } from '../../functions/intel/index.ts'

export function memoryFeedStore(): FeedStore {
  const shards = new Map<string, string>()
  const keyOf = (feed: string, version: string, shard: string) => `${feed}/${version}/${shard}`
  return {
    async write(feed, version, shard, text) {
      shards.set(keyOf(feed, version, shard), text)
    },
    read: async (feed, version, shard) => shards.get(keyOf(feed, version, shard)),
  }
}

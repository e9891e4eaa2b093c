/** Feed shards in memory. */
import type { FeedStore } from '../../functions/intel/index.ts'

export function memoryFeedStore(): FeedStore {
  const shards = new Map<string, string>()
  const keyOf = (feed: string, copy: string, shard: string) => `${feed}/${copy}/${shard}`
  return {
    async write(feed, copy, shard, text) {
      shards.set(keyOf(feed, copy, shard), text)
    },
    read: async (feed, copy, shard) => shards.get(keyOf(feed, copy, shard)),
  }
}

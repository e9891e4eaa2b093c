/** The Intel port over stored feeds: the ledger names the copy in force, and shards are read once per copy. */
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { FeedName, FeedStore, FeedVersion, Intel } from './ports.ts'
import { type Feed, FeedRecord } from './refresh.ts'
import { intelFrom, shardOf } from './shards.ts'

const feedNames: readonly FeedName[] = ['kev', 'epss', 'vulnrichment']

/** Cached shards of the copy in force. */
interface Cached {
  readonly copy: string
  readonly shards: Map<string, string>
}

/**
 * Intelligence from the stored copies of the feeds; read shards stay in memory while their copy is current.
 */
export function storedIntel(ledger: Ledger, store: FeedStore): Intel {
  const cache = new Map<FeedName, Cached>()

  async function shardText(feed: Feed, cveId: string): Promise<string | undefined> {
    const shard = shardOf(feed.feed, cveId)
    if (!feed.shards.includes(shard)) return undefined
    const known = cache.get(feed.feed)
    const cached = known?.copy === feed.copy ? known : { copy: feed.copy, shards: new Map<string, string>() }
    cache.set(feed.feed, cached)
    const text = cached.shards.get(shard) ?? (await store.read(feed.feed, feed.copy, shard))
    if (text === undefined)
      throw new DrydockError(
        'DD1201',
        `shard ${shard} of feed ${feed.feed} ${feed.version} is missing from the store; refresh the feed`,
      )
    cached.shards.set(shard, text)
    return text
  }

  return {
    async lookup(cveId) {
      const feeds: Partial<Record<FeedName, FeedVersion>> = {}
      const texts: Partial<Record<FeedName, string>> = {}
      const read = async (name: FeedName) => {
        const record = await ledger.read(FeedRecord, keys.feed(name))
        if (!record || record.value.version === '') return
        const { version, date, checkedAt } = record.value
        feeds[name] = { version, date, checkedAt }
        const text = await shardText(record.value, cveId)
        if (text !== undefined) texts[name] = text
      }
      await Promise.all(feedNames.map(read))
      return intelFrom(cveId, texts, feeds)
    },
  }
}

/** The Intel port over stored feeds; shards are read once for each process and version. */
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { CveIntel, FeedName, FeedStore, FeedVersion, Intel } from './ports.ts'
import { FeedRecord, intelFrom, shardOf } from './refresh.ts'

const feedNames: readonly FeedName[] = ['kev', 'epss', 'vulnrichment']

export function storedIntel(ledger: Ledger, store: FeedStore): Intel {
  const shards = new Map<string, string | undefined>()
  async function shard(feed: FeedName, version: string, cveId: string) {
    const name = shardOf(feed, cveId)
    const key = `${feed}/${version}/${name}`
    if (!shards.has(key)) shards.set(key, await store.read(feed, version, name))
    return shards.get(key)
  }
  return {
    async lookup(cveId: string): Promise<CveIntel> {
      const feeds: Partial<Record<FeedName, FeedVersion>> = {}
      const found: Partial<Record<FeedName, string>> = {}
      for (const feed of feedNames) {
        const record = await ledger.read(FeedRecord, keys.feed(feed))
        if (!record || record.value.version === '') continue
        feeds[feed] = { version: record.value.version, date: record.value.date }
        const text = await shard(feed, record.value.version, cveId)
        if (text !== undefined) found[feed] = text
      }
      return intelFrom(cveId, found, feeds)
    },
  }
}

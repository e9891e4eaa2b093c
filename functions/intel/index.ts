export { cveIdsOf } from './fetch-feed.ts'
export { storedIntel } from './lookup.ts'
export type { CveIntel, FeedName, FeedSource, FeedStore, FeedVersion, Intel } from './ports.ts'
export { Feed, FeedRecord } from './refresh.ts'

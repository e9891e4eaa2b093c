export { cveIdsOf } from './fetch-feed.ts'
export { storedIntel } from './lookup.ts'
export type { CveIntel, FeedName, FeedSource, FeedStore, Intel } from './ports.ts'
export { FeedRecord, isTooOld } from './refresh.ts'

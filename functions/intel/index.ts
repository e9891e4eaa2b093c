export { storedIntel } from './lookup.ts'
export type { CveIntel, FeedName, FeedSource, FeedStore, Intel } from './ports.ts'
export { Feed, FeedRecord } from './refresh.ts'

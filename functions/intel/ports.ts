/** What other stages may ask of threat intelligence, and where feeds come from. */

export type FeedName = 'kev' | 'epss' | 'vulnrichment'

export interface FeedVersion {
  readonly version: string
  /** ISO date or instant as the feed states it. */
  readonly date: string
}

/** Everything known about one CVE, with the version of each feed that said so. */
export interface CveIntel {
  readonly kev?: { readonly dateAdded: string; readonly forensicTriage: boolean; readonly ransomware: boolean }
  readonly epss?: { readonly probability: number; readonly percentile: number }
  readonly vulnrichment?: {
    readonly automatable?: 'yes' | 'no'
    readonly technicalImpact?: 'partial' | 'total'
    readonly exploitation?: 'none' | 'poc' | 'active'
  }
  readonly feeds: Readonly<Partial<Record<FeedName, FeedVersion>>>
}

export interface Intel {
  lookup(cveId: string): Promise<CveIntel>
}

/** Feed contents by shard. Both implementations (S3, files) pass test/contract/feed-store.ts. */
export interface FeedStore {
  /** Writes a shard of a version; a version is immutable. */
  write(feed: FeedName, version: string, shard: string, text: string): Promise<void>
  /** undefined: no such shard. */
  read(feed: FeedName, version: string, shard: string): Promise<string | undefined>
}

/** Fetches a feed. Follows at most one redirect, https only (http for 127.0.0.1). Times out. */
export interface FeedSource {
  fetch(address: string): Promise<{ readonly status: number; readonly body: Uint8Array }>
}

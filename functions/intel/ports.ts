/** Ports: threat intelligence for other stages, and the sources of feeds. */

/** The feeds that decisions use: CISA KEV, FIRST EPSS, CISA Vulnrichment. */
export type FeedName = 'kev' | 'epss' | 'vulnrichment'

/** The copy of a feed that a decision used. */
export interface FeedVersion {
  readonly version: string
  /** ISO date or instant stated by the feed. */
  readonly date: string
  /** ISO instant at which the publisher last confirmed this copy. */
  readonly checkedAt: string
}

/** Everything known about one CVE, with the version of each feed. */
export interface CveIntel {
  readonly kev?: {
    /** ISO date. */
    readonly dateAdded: string
    readonly forensicTriage: boolean
    readonly ransomware: boolean
    /** Whether the row has vanished from the newest catalogue; it still counts as listed. */
    readonly isVanished?: true
  }
  /** Probabilities 0-1. */
  readonly epss?: { readonly probability: number; readonly percentile: number }
  readonly vulnrichment?: {
    readonly automatable?: 'yes' | 'no'
    readonly technicalImpact?: 'partial' | 'total'
    readonly exploitation?: 'none' | 'poc' | 'active'
  }
  /** The feeds consulted; one that was never loaded is absent. */
  readonly feeds: Readonly<Partial<Record<FeedName, FeedVersion>>>
}

/** What the feeds say of a CVE. */
export interface Intel {
  /** @throws DrydockError DD1201 when a stored copy is damaged: an unreadable feed is never an empty one. */
  lookup(cveId: string): Promise<CveIntel>
}

/** Feed contents by shard. Both implementations (S3, memory) pass test/contract/feed-store.ts. */
export interface FeedStore {
  /** Writes a shard of a copy; a copy is named by its content, so rewriting it changes nothing. */
  write(feed: FeedName, copy: string, shard: string, text: string): Promise<void>
  /** undefined if there is no such shard. */
  read(feed: FeedName, copy: string, shard: string): Promise<string | undefined>
}

/** Fetches a feed: https only (http on this machine), at most one redirect, bounded time and size. */
export interface FeedSource {
  /**
   * The status and the body, uncompressed.
   * @throws without a complete answer: no connection, too late, too large, broken gzip, a forbidden address.
   */
  fetch(address: string): Promise<{ readonly status: number; readonly body: Uint8Array }>
}

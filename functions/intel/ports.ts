/** What other stages may ask of threat intelligence, and where feeds come from. */

/** The feeds that decisions use: CISA KEV, FIRST EPSS, CISA Vulnrichment. */
export type FeedName = 'kev' | 'epss' | 'vulnrichment'

/** Which copy of a feed a decision used. */
export interface FeedVersion {
  readonly version: string
  /** ISO date or instant as the feed states it. */
  readonly date: string
  /** ISO instant at which the publisher last confirmed this copy. */
  readonly checkedAt: string
}

/** Everything known about one CVE, with the version of each feed that said so. */
export interface CveIntel {
  readonly kev?: {
    /** ISO date. */
    readonly dateAdded: string
    readonly forensicTriage: boolean
    readonly ransomware: boolean
    /** The newest catalogue has no such row any more; it counts as listed all the same. */
    readonly isVanished?: true
  }
  /** Probabilities 0-1. */
  readonly epss?: { readonly probability: number; readonly percentile: number }
  readonly vulnrichment?: {
    readonly automatable?: 'yes' | 'no'
    readonly technicalImpact?: 'partial' | 'total'
    readonly exploitation?: 'none' | 'poc' | 'active'
  }
  /** The feeds consulted; one that was never loaded is absent, and then says nothing about the CVE. */
  readonly feeds: Readonly<Partial<Record<FeedName, FeedVersion>>>
}

/** What the feeds say of a CVE. */
export interface Intel {
  /** @throws DrydockError DD1201 when a stored copy is damaged: an unreadable feed is never an empty one. */
  lookup(cveId: string): Promise<CveIntel>
}

/** Feed contents by shard. Both implementations (S3, memory) pass test/contract/feed-store.ts. */
export interface FeedStore {
  /** Writes a shard of a copy; a copy is named by its content, so writing it again changes nothing. */
  write(feed: FeedName, copy: string, shard: string, text: string): Promise<void>
  /** undefined: no such shard. */
  read(feed: FeedName, copy: string, shard: string): Promise<string | undefined>
}

/** Fetches a feed: https only (http for this machine), at most one redirect, a ceiling on time and size. */
export interface FeedSource {
  /**
   * The status and the body, unpacked where it is gzip.
   *
   * @throws where there is no whole answer: no connection, too late, too large, a broken gzip, a forbidden address.
   */
  fetch(address: string): Promise<{ readonly status: number; readonly body: Uint8Array }>
}

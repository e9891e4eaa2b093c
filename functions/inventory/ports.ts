/** Where nodes and their tags and packages come from. */

/** A managed node as SSM, its tags and EC2 tell of it. */
export interface NodeFacts {
  readonly hostId: string
  readonly platformName: string
  readonly platformType: string
  readonly agentVersion: string
  readonly isOnline: boolean
  readonly tags: Readonly<Record<string, string>>
  /** As EC2 tells it; absent for hybrid nodes. */
  readonly zone?: string | undefined
}

/** Nodes of one account and region. */
export interface Inventory {
  readonly account: string
  readonly region: string
  readonly nodes: Nodes
}

/** The managed nodes of one account and region. */
export interface Nodes {
  /** Every managed node that SSM knows. */
  all(): Promise<readonly NodeFacts[]>
  /** Installed versions of the packages named, by host; of a Windows update named by its number, `installed`. */
  installed(packageNames: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>
}

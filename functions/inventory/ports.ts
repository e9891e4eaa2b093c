/** Where nodes and their tags and packages come from. */

/** A managed node, from SSM, its tags and EC2. */
export interface NodeFacts {
  readonly hostId: string
  readonly platformName: string
  readonly platformType: string
  readonly agentVersion: string
  readonly isOnline: boolean
  readonly tags: Readonly<Record<string, string>>
  /** From EC2; absent for hybrid nodes. */
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
  /** Installed versions of the named packages, by host; `installed` for a Windows update named by number. */
  installed(packageNames: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>
}

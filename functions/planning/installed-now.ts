/** What is installed on hosts at this moment, in whichever account they are. */
import type { Asset, Inventory } from '../catalogue/index.ts'

export interface InstalledNow {
  /** Versions by host, then package. */
  readonly installed: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** Hosts of accounts that could not be read. */
  readonly unread: ReadonlySet<string>
}

/**
 * Asks only the accounts and regions that the assets are in.
 *
 * F44: a spoke that does not answer costs its own hosts, not those of others. The hub's own fault is thrown: nothing is planned then.
 */
export async function installedNow(
  packageNames: readonly string[],
  assets: readonly Asset[],
  { inventories, account: hub }: { readonly inventories: readonly Inventory[]; readonly account: string },
): Promise<InstalledNow> {
  const groups = Map.groupBy(assets, ({ account, region }) => `${account} ${region}`)
  const read = await Promise.all(
    [...groups].map(async ([place, hosts]) => {
      const inventory = inventories.find(({ account, region }) => `${account} ${region}` === place)
      try {
        if (inventory) return { installed: await inventory.nodes.installed(packageNames), unread: [] }
      } catch (error) {
        if (inventory?.account === hub) throw error
      }
      return { installed: new Map<string, Readonly<Record<string, string>>>(), unread: hosts }
    }),
  )
  return {
    installed: new Map(read.flatMap(({ installed }) => [...installed])),
    unread: new Set(read.flatMap(({ unread }) => unread.map(({ hostId }) => hostId))),
  }
}

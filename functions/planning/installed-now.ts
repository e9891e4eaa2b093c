/** What is installed on hosts at this moment, in whichever account they are. */
import type { Asset, Inventory } from '../inventory/index.ts'
import type { Metrics } from '../kit/ports.ts'

export interface InstalledNow {
  /** Versions by host, then package. */
  readonly installed: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** Hosts of accounts that could not be read. */
  readonly unread: ReadonlySet<string>
}

interface Sources {
  readonly inventories: readonly Inventory[]
  /** The hub's. */
  readonly account: string
  readonly metrics: Metrics
}

/**
 * Asks the accounts and regions that the assets are in, each about its own nodes alone (I15). The synced assets hold the packages of
 * findings that were known then; a plan for a new finding asks again.
 *
 * F44: a spoke that does not answer costs its own hosts, not those of others. The hub's own fault is thrown: nothing is planned then.
 */
export async function installedNow(
  packageNames: readonly string[],
  assets: readonly Asset[],
  { inventories, account: hub, metrics }: Sources,
): Promise<InstalledNow> {
  const installed = new Map<string, Readonly<Record<string, string>>>()
  const unread = new Set<string>()
  const read = async (hosts: readonly Asset[], inventory: Inventory | undefined) => {
    const found = await inventory?.nodes.installed(packageNames).catch((error: unknown) => {
      if (inventory.account === hub) throw error
      return undefined
    })
    if (!found) metrics.count('SpokesUnreachable')
    for (const { hostId } of hosts) {
      const versions = found?.get(hostId)
      if (!found) unread.add(hostId)
      else if (versions) installed.set(hostId, versions)
    }
  }
  const places = Map.groupBy(assets, ({ account, region }) => `${account} ${region}`)
  await Promise.all(
    [...places].map(([place, hosts]) =>
      read(
        hosts,
        inventories.find(({ account, region }) => `${account} ${region}` === place),
      ),
    ),
  )
  return { installed, unread }
}

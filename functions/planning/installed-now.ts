/** Reads what is installed on hosts now, in any account. */
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
 * Asks the assets' accounts and regions, each about its own nodes alone (I15). Synced assets have only packages of
 * findings known then, so a plan for a new finding asks again.
 *
 * F44: a spoke that does not answer affects only its own hosts. A fault of the hub is thrown, and nothing is planned.
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

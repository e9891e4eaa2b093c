/** The inventories that the hub reads: its own, and each spoke's through its inventory role. */
import { SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import type { Inventory, Nodes } from '../catalogue/index.ts'
import type { Metrics } from '../kit/ports.ts'
import { ssmNodes } from './nodes.ts'
import { clientSettings } from './runtime.ts'
import { configuredSpokes, hubPlace, type Place, spokeCredentials } from './spokes.ts'
import type { ZonesOf } from './zones.ts'

/** @param zonesIn where the EC2 nodes of a place are, given the settings of its clients; absent where nobody asks for zones. */
export function ssmInventories(
  zonesIn?: (settings: object) => ZonesOf,
  sts = new STSClient(clientSettings),
): Inventory[] {
  const inventoryOf = (place: Place, settings: object): Inventory => ({
    account: place.account,
    region: place.region,
    nodes: ssmNodes(new SSMClient(settings), zonesIn?.(settings)),
  })
  return [
    inventoryOf(hubPlace(), clientSettings),
    ...configuredSpokes().map((spoke) => {
      const credentials = spokeCredentials(spoke, 'inventory', 'drydock-inventory', {}, sts)
      return inventoryOf(spoke, { ...clientSettings, region: spoke.region, credentials })
    }),
  ]
}

/**
 * What is installed on the nodes of every account, the hub's own first in the list. The synced assets hold the packages
 * of findings that were known then; a plan for a new finding asks again, wherever the nodes are.
 *
 * F44: of a spoke that cannot be read, what the ledger knows stands, and the others go on. I15: the hub's word on a node
 * counts before any spoke's.
 */
export const installedAnywhere = (inventories: readonly Inventory[], metrics: Metrics): Pick<Nodes, 'installed'> => ({
  async installed(packageNames) {
    const found = await Promise.all(
      inventories.map(async ({ nodes }, index) => {
        try {
          return [...(await nodes.installed(packageNames))]
        } catch (error) {
          if (index === 0) throw error
          metrics.count('SpokesUnreachable')
          return []
        }
      }),
    )
    return new Map(found.toReversed().flat())
  },
})

/** The inventories that the hub reads: its own, and each spoke's through its inventory role. */
import { EC2Client } from '@aws-sdk/client-ec2'
import { SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import type { Inventory, Nodes } from '../catalogue/index.ts'
import type { Metrics } from '../kit/ports.ts'
import { ssmNodes } from './nodes.ts'
import { clientSettings } from './runtime.ts'
import { configuredSpokes, hubPlace, spokeCredentials } from './spokes.ts'
import { zonesOf } from './zones.ts'

export function ssmInventories(sts = new STSClient(clientSettings)): Inventory[] {
  const inventoryOf = (place: { readonly account: string; readonly region: string }, settings: object): Inventory => {
    const [ssm, ec2] = [new SSMClient(settings), new EC2Client(settings)]
    return { ...place, nodes: ssmNodes(ssm, (hostIds) => zonesOf(hostIds, ec2)) }
  }
  return [
    inventoryOf(hubPlace(), clientSettings),
    ...configuredSpokes().map((spoke) => {
      const { account, region } = spoke
      const credentials = spokeCredentials(spoke, 'inventory', 'drydock-inventory', {}, sts)
      return inventoryOf({ account, region }, { ...clientSettings, region, credentials })
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

/** The inventories that the hub reads: its own, and each spoke's through its inventory role. */
import { EC2Client } from '@aws-sdk/client-ec2'
import { SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import type { Inventory } from '../catalogue/index.ts'
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

/** The inventories that the hub reads: its own, and each spoke's through its inventory role. */
import { SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import type { Inventory } from '../inventory/ports.ts'
import { ssmNodes } from './nodes.ts'
import { clientSettings } from './runtime.ts'
import { type Place, type Places, spokeCredentials } from './spokes.ts'
import type { ZonesOf } from './zones.ts'

/** @param zonesIn makes the zone lookup for a place from its client settings; absent where zones are not needed. */
export function ssmInventories(
  places: Places,
  zonesIn?: (settings: object) => ZonesOf,
  sts = new STSClient(clientSettings),
): Inventory[] {
  const inventoryOf = (place: Place, settings: object): Inventory => ({
    account: place.account,
    region: place.region,
    nodes: ssmNodes(new SSMClient(settings), zonesIn?.(settings)),
  })
  return [
    inventoryOf(places, clientSettings),
    ...places.spokes.map((spoke) => {
      const credentials = spokeCredentials(spoke, places.partition, 'inventory', 'drydock-inventory', {}, sts)
      return inventoryOf(spoke, { ...clientSettings, region: spoke.region, credentials })
    }),
  ]
}

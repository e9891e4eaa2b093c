/** Brings the inventory into the ledger on a schedule. */
import { configured, Settings } from '../../aws/configuration.ts'
import { ssmInventories } from '../../aws/inventory.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { placeSettings } from '../../aws/spokes.ts'
import { ec2Zones } from '../../aws/zones.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { run, SyncAssets, type SyncAssetsPorts } from '../sync-assets.ts'

export { run }

export const Configuration = Settings.pick({ ...recordSettings, ...placeSettings })

export const handler = lambdaHandler(
  SyncAssets,
  configured(
    Configuration,
    (settings): SyncAssetsPorts => ({
      ...recordPorts(settings),
      inventories: ssmInventories(settings, ec2Zones),
      metrics: countMetric,
    }),
  ),
  run,
)

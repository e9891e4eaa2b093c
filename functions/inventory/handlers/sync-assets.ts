/** Brings the inventory into the ledger on a schedule. */
import * as z from 'zod'
import { ssmInventories } from '../../aws/inventory.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { ec2Zones } from '../../aws/zones.ts'
import { FindingRecord } from '../../finding/index.ts'
import { lists } from '../../kit/keys.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import type { Inventory } from '../ports.ts'
import { type SyncPorts, syncAll } from '../sync.ts'

export const SyncAssets = z.looseObject({})

interface Ports extends Omit<SyncPorts, 'inventory'> {
  readonly inventories: readonly Inventory[]
}

/** F44: an account that cannot be read keeps what is known of it, and the others go on; the run fails all the same. */
export async function run(_input: z.infer<typeof SyncAssets>, { inventories, ...ports }: Ports) {
  const findings = await ports.ledger.list(FindingRecord, lists.findings)
  const names = findings.flatMap(({ value }) =>
    value.status === 'active' ? value.packages.flatMap(({ name, isPatchable }) => (isPatchable ? [name] : [])) : [],
  )
  return syncAll([...new Set(names)].sort(), inventories, ports)
}

export const handler = lambdaHandler(
  SyncAssets,
  (): Ports => ({
    ledger: dynamoLedger(),
    inventories: ssmInventories(ec2Zones),
    clock: systemClock,
    ids: systemIds,
    metrics: countMetric,
    account: hubAccount(),
  }),
  run,
)

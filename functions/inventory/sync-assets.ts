/** Brings the inventory of every place into the ledger: its nodes, and which of the packages they have that findings name. */
import * as z from 'zod'
import { FindingRecord } from '../finding/index.ts'
import { lists } from '../kit/keys.ts'
import type { Inventory } from './ports.ts'
import { type SyncPorts, syncAll } from './sync.ts'

/** The schedule's input, of which nothing is read. */
export const SyncAssets = z.looseObject({})
export type SyncAssets = z.infer<typeof SyncAssets>

/** What a run works with: the inventory of every place, and where nodes are kept. */
export interface SyncAssetsPorts extends Omit<SyncPorts, 'inventory'> {
  readonly inventories: readonly Inventory[]
}

/** F44: an account that cannot be read keeps what is known of it, and the others go on; the run fails all the same. */
export async function run(_input: SyncAssets, { inventories, ...ports }: SyncAssetsPorts) {
  const findings = await ports.ledger.list(FindingRecord, lists.findings)
  const names = findings.flatMap(({ value }) =>
    value.status === 'active' ? value.packages.flatMap(({ name, isPatchable }) => (isPatchable ? [name] : [])) : [],
  )
  return syncAll([...new Set(names)].sort(), inventories, ports)
}

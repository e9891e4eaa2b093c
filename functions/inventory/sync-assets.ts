/**
 * Brings the inventory of every place into the ledger: its nodes, and their installed versions of packages that
 * findings name.
 */
import * as z from 'zod'
import { FindingRecord } from '../finding/index.ts'
import { lists } from '../kit/keys.ts'
import type { Inventory } from './ports.ts'
import { type SyncPorts, syncAll } from './sync.ts'

/** The schedule's input, which is ignored. */
export const SyncAssets = z.looseObject({})
export type SyncAssets = z.infer<typeof SyncAssets>

/** The ports of a run: the inventory of every place, and the ledger. */
export interface SyncAssetsPorts extends Omit<SyncPorts, 'inventory'> {
  readonly inventories: readonly Inventory[]
}

/** F44: an unreadable account keeps its known nodes and the others continue; the run still fails. */
export async function run(_input: SyncAssets, { inventories, ...ports }: SyncAssetsPorts) {
  const findings = await ports.ledger.list(FindingRecord, lists.findings)
  const names = findings.flatMap(({ value }) =>
    value.status === 'active' ? value.packages.flatMap(({ name, isPatchable }) => (isPatchable ? [name] : [])) : [],
  )
  return syncAll([...new Set(names)].sort(), inventories, ports)
}

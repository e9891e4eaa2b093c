/**
 * Brings the inventory of every place into the ledger: its nodes, and their installed versions of packages that
 * findings name.
 */
import * as z from 'zod'
import { KnownPackageRecord } from '../finding/index.ts'
import { lists } from '../kit/keys.ts'
import { everyListed } from '../kit/listed.ts'
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
  const names: string[] = []
  for await (const page of everyListed(ports.ledger, KnownPackageRecord, lists.packages))
    names.push(...page.map(({ value }) => value.name))
  return syncAll(names, inventories, ports)
}

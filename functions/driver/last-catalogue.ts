/** The catalogue at the reconciler's last complete run: a newer one may end holds. */
import * as z from 'zod'
import type { MovePorts } from '../changes/index.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger, RecordKind, Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'

/** Version of the catalogue record. */
export const LastCatalogue = z.strictObject({ version: z.number().int().min(1) })

/** The catalogue version of the last complete reconciler run: one record. */
export const LastCatalogueRecord: RecordKind<z.infer<typeof LastCatalogue>> = {
  kind: 'last-catalogue',
  schema: LastCatalogue,
}

/** Whether the catalogue differs from that of the last complete run; true before the first. */
export async function isCatalogueNew(catalogue: Stored<unknown> | undefined, ledger: Ledger): Promise<boolean> {
  const last = await ledger.read(LastCatalogueRecord, keys.lastCatalogue())
  return catalogue !== undefined && last?.value.version !== catalogue.version
}

/** Records the catalogue once every change was reconciled under it. */
export async function noteCatalogue(catalogue: Stored<unknown> | undefined, ports: MovePorts): Promise<void> {
  const { ledger, clock } = ports
  const last = await ledger.read(LastCatalogueRecord, keys.lastCatalogue())
  if (catalogue === undefined || last?.value.version === catalogue.version) return
  const value = { version: catalogue.version }
  const at = isoInstant(clock.nowMs())
  // A faster reconciler has recorded the same.
  await ledger.commit({
    moves: [{ kind: LastCatalogueRecord.kind, key: keys.lastCatalogue(), from: last?.version ?? 0, value }],
    evidence: [{ ...evidenceBy(ports, at), type: 'driver.catalogue-noted', changeId: 'none', body: value }],
  })
}

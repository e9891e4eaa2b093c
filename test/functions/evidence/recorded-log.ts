/** A log of 12 leaves and the export of one of its changes, as Drydock 0.1.0 wrote them: without chains. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { Head } from '../../../functions/evidence/head.ts'
import { memoryEvidenceStore } from '../../../simulator/ports/evidence-store.ts'

const Files = z.record(z.string(), z.string())
const file = new URL('../../fixtures/evidence/log-of-0.1.0.json', import.meta.url)

export const recorded = z
  .object({ vkey: z.string(), log: Files, export: Files, version: z.int(), head: Head })
  .parse(JSON.parse(readFileSync(file, 'utf8')))

/** Files given in base64, as a store. */
export function storeOf(files: Readonly<Record<string, string>>) {
  const store = memoryEvidenceStore()
  for (const [path, text] of Object.entries(files))
    store.objects.set(path, Uint8Array.from(Buffer.from(text, 'base64')))
  return store
}

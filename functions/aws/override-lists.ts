/** Override lists in their bucket, where each name is written once. */

import type { EvidenceStore } from '../evidence/ports.ts'
import { overrideKeyOf } from '../planning/index.ts'
import type { OverrideLists } from '../planning/ports.ts'

/** Lists in a write-once store. An existing one is the same list: its name is its hash. */
export const storedOverrideLists = (store: Pick<EvidenceStore, 'create'>): OverrideLists => ({
  async keep(list) {
    await store.create(overrideKeyOf(list), new TextEncoder().encode(list.yaml))
  },
})

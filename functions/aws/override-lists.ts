/** Override lists in their bucket, which takes each name once. */

import type { EvidenceStore } from '../evidence/ports.ts'
import { overrideKeyOf } from '../planning/index.ts'
import type { OverrideLists } from '../planning/ports.ts'

/** Lists in a write-once store. One that stands there already is the same one: its name is its hash. */
export const storedOverrideLists = (store: Pick<EvidenceStore, 'create'>): OverrideLists => ({
  async keep(list) {
    await store.create(overrideKeyOf(list), new TextEncoder().encode(list.yaml))
  },
})

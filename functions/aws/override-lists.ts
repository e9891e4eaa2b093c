/** Override lists in their bucket, which takes each name once. */

import { overrideKeyOf } from '../planning/index.ts'
import type { OverrideLists } from '../planning/ports.ts'
import { s3EvidenceStore } from './evidence-store.ts'
import { environment } from './runtime.ts'

/** The bucket named by DRYDOCK_OVERRIDES_BUCKET. A list that stands there already is the same one: its name is its hash. */
export const s3OverrideLists = (): OverrideLists => ({
  async keep(list) {
    const store = s3EvidenceStore(environment('DRYDOCK_OVERRIDES_BUCKET'))
    await store.create(overrideKeyOf(list), new TextEncoder().encode(list.yaml))
  },
})

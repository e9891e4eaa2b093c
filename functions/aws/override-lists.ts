/** Override lists in their bucket, which takes each name once. */
import { type OverrideLists, overrideKeyOf } from '../planning/index.ts'
import { s3EvidenceStore } from './evidence-store.ts'
import { environment } from './runtime.ts'

/** The bucket named by DRYDOCK_OVERRIDES_BUCKET. A list that stands there already is the same one: its name is its hash. */
export const s3OverrideLists = (): OverrideLists => ({
  async keep(list) {
    const store = s3EvidenceStore(environment('DRYDOCK_OVERRIDES_BUCKET'))
    await store.create(overrideKeyOf(list), new TextEncoder().encode(list.yaml))
  },
})

/** Rings as last read: the header tells whether they still are, or which parts moved since. */
import type { ReadRing } from './ring-record.ts'

/** Rings kept by change and name, for the next pass. */
export interface Rings {
  readonly known: (changeId: string, name: string) => ReadRing | undefined
  readonly keep: (ring: ReadRing) => void
}

/** Most rings kept: about as many as are in work at once. */
const keptMax = 8

export function rememberedRings(): Rings {
  const kept = new Map<string, ReadRing>()
  return {
    known: (changeId, name) => kept.get(`${changeId} ${name}`),
    keep(ring) {
      const name = `${ring.value.changeId} ${ring.value.name}`
      kept.delete(name)
      kept.set(name, ring)
      const oldest = kept.keys().next().value
      if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest)
    },
  }
}

/** Rings for people: in plan order, a rollback named after the ring that it undoes. */
import type { Plan } from '../planning/index.ts'
import type { HostCounts, RingSummary } from '../rollout/index.ts'

const patched = ({ name }: Pick<RingSummary, 'name'>) => name.replace(/\.rollback$/, '')

export const ringTitle = (ring: Pick<RingSummary, 'name' | 'mode'>): string =>
  ring.mode === 'rollback' ? `rollback of ${patched(ring)}` : ring.name

/** Each rollback after its ring; rings not in the plan last. */
export function ringsInOrder<Ring extends Pick<RingSummary, 'name' | 'mode'>>(
  rings: readonly Ring[],
  plan: Pick<Plan, 'rings'> | undefined,
): readonly Ring[] {
  const names = plan?.rings.map(({ name }) => name) ?? []
  const place = (ring: Ring) => {
    const index = names.indexOf(patched(ring))
    return (index < 0 ? names.length : index) * 2 + (ring.mode === 'rollback' ? 1 : 0)
  }
  return rings.toSorted((left, right) => place(left) - place(right))
}

/** Hosts of all states. */
export const hostsIn = (counts: HostCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

/** `3 of 10`: hosts done; a dash for a ring that an older Drydock moved last. */
export const doneText = ({ counts }: Pick<RingSummary, 'counts'>): string =>
  counts === undefined ? '-' : `${counts.done ?? 0} of ${hostsIn(counts)}`

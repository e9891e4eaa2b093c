/** Rings for people: in plan order, a rollback named after the ring that it undoes. */
import type { Plan } from '../planning/index.ts'
import type { Ring } from '../rollout/index.ts'

const patched = ({ name }: Pick<Ring, 'name'>) => name.replace(/\.rollback$/, '')

export const ringTitle = (ring: Pick<Ring, 'name' | 'mode'>): string =>
  ring.mode === 'rollback' ? `rollback of ${patched(ring)}` : ring.name

/** Each rollback after its ring; rings not in the plan last. */
export function ringsInOrder(rings: readonly Ring[], plan: Pick<Plan, 'rings'> | undefined): readonly Ring[] {
  const names = plan?.rings.map(({ name }) => name) ?? []
  const place = (ring: Ring) => {
    const index = names.indexOf(patched(ring))
    return (index < 0 ? names.length : index) * 2 + (ring.mode === 'rollback' ? 1 : 0)
  }
  return rings.toSorted((left, right) => place(left) - place(right))
}

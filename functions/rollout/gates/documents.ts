/** B43: the documents that would run are the ones that the plan pins. */
import { type Gate, heldByDoubt, heldForRole } from './gate.ts'

/** Holds if a document's hash or version is no longer the pinned one; SSM also checks the hash at each command. */
export const documentsGate: Gate = {
  name: 'documents',
  isAskedAt: 'opening',
  leaves: 'hosts-down',
  check({ plan, documents }) {
    if (plan.kind !== 'known') return heldByDoubt('the plan', plan)
    if (documents.kind !== 'known') return heldByDoubt('the documents', documents)
    const changed = Object.values(plan.value.manifest.documents).flatMap(({ name, hash, version }) => {
      const now = documents.value.get(name)
      return now?.hash === hash && now.version === version ? [] : [name]
    })
    if (changed.length === 0) return undefined
    return heldForRole(
      `documents differ from the plan: ${changed.join(', ')}; plan the change again and have it approved`,
      'change-manager',
    )
  },
}

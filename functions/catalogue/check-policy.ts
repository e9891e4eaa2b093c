/** Whether the people of the catalogue can fill the quorums that the policy asks for. */
import type { Catalogue } from './catalogue.ts'
import type { Problem } from './load.ts'
import type { Policy } from './policy.ts'

type Person = Catalogue['people'][number]

/** Quorums that the people of the catalogue cannot meet: a role that nobody has, or fewer people than roles. */
export function checkPolicyAgainstCatalogue(policy: Policy, catalogue: Catalogue): Problem[] {
  const roles = new Set(catalogue.people.flatMap((person) => person.roles))
  return Object.entries(policy.approvals).flatMap(([changeClass, quorum]) => {
    if (quorum === undefined) return []
    const problem = (message: string): Problem => ({ line: 1, column: 1, path: `approvals.${changeClass}`, message })
    const unfilled = [...new Set([...quorum.roles, quorum.escalateTo])].filter((role) => !roles.has(role))
    if (unfilled.length > 0) return unfilled.map((role) => problem(`nobody in the catalogue has the role ${role}`))
    return mayFill(quorum.roles, catalogue.people)
      ? []
      : [problem(`the roles ${quorum.roles.join(', ')} need ${quorum.roles.length} people; nobody counts twice`)]
  })
}

/** Whether each role can be filled by a different person. */
function mayFill(roles: readonly string[], people: readonly Person[]): boolean {
  const holder = new Map<string, number>()
  const give = (role: number, tried: Set<string>): boolean =>
    people.some((person) => {
      if (!person.roles.some((one) => one === roles[role]) || tried.has(person.id)) return false
      tried.add(person.id)
      const other = holder.get(person.id)
      if (other !== undefined && !give(other, tried)) return false
      holder.set(person.id, role)
      return true
    })
  return roles.every((_, role) => give(role, new Set()))
}

/**
 * Assigns each role of a quorum to a different human by a bipartite matching, so that nobody counts twice however many
 * roles they hold.
 */

export interface RoleHolder {
  readonly human: string
  readonly roles: readonly string[]
}

/** For each role in order, the human who gives it, or undefined; as many roles as possible are given. */
export function assignRoles(roles: readonly string[], holders: readonly RoleHolder[]): readonly (string | undefined)[] {
  const rolesOf = new Map<string, Set<string>>()
  for (const { human, roles: held } of holders) rolesOf.set(human, new Set([...(rolesOf.get(human) ?? []), ...held]))
  const given = new Map<string, number>()

  // Kuhn's augmenting path: take a free human, or one whose role another can give.
  function give(role: number, tried: Set<string>): boolean {
    for (const [human, held] of rolesOf) {
      if (tried.has(human) || !held.has(roles[role] ?? '')) continue
      tried.add(human)
      const before = given.get(human)
      if (before !== undefined && !give(before, tried)) continue
      given.set(human, role)
      return true
    }
    return false
  }

  for (const role of roles.keys()) give(role, new Set())
  const humanByRole = new Map([...given].map(([human, role]) => [role, human]))
  return roles.map((_, role) => humanByRole.get(role))
}

/** The roles that nobody is left to give, repeated as often as they are missing. */
export function unmetRoles(roles: readonly string[], holders: readonly RoleHolder[]): readonly string[] {
  const assigned = assignRoles(roles, holders)
  return roles.filter((_, role) => assigned[role] === undefined)
}

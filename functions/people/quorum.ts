/**
 * Assigns each role of a quorum to a different human by a bipartite matching, so that nobody counts twice however many
 * roles they hold.
 */

export interface RoleHolder {
  readonly human: string
  readonly roles: readonly string[]
}

/** A role by its place in the quorum: the same role may be needed twice. */
type Slot = readonly [place: number, role: string]

/** For each role in order, the human who gives it, or undefined; as many roles as possible are given. */
export function assignRoles(roles: readonly string[], holders: readonly RoleHolder[]): readonly (string | undefined)[] {
  const entriesOf = Map.groupBy(holders, ({ human }) => human)
  const given = new Map<string, Slot>()

  // Kuhn's augmenting path: take a free human, or one whose role another can give.
  function give(slot: Slot, tried: Set<string>): boolean {
    const [, role] = slot
    for (const [human, entries] of entriesOf) {
      if (tried.has(human) || !entries.some((entry) => entry.roles.includes(role))) continue
      tried.add(human)
      const before = given.get(human)
      if (before !== undefined && !give(before, tried)) continue
      given.set(human, slot)
      return true
    }
    return false
  }

  for (const slot of roles.entries()) give(slot, new Set())
  const humanByPlace = new Map([...given].map(([human, [place]]) => [place, human]))
  return roles.map((_, place) => humanByPlace.get(place))
}

/** The roles that nobody is left to give, repeated as often as they are missing. */
export function unmetRoles(roles: readonly string[], holders: readonly RoleHolder[]): readonly string[] {
  const assigned = assignRoles(roles, holders)
  return roles.filter((_, role) => assigned[role] === undefined)
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignRoles, type RoleHolder, unmetRoles } from '../../../functions/people/quorum.ts'

const roleNames = ['owner', 'security', 'manager']
const holders = fc.array(
  fc.record({
    human: fc.constantFrom('a', 'b', 'c', 'd'),
    roles: fc.subarray(roleNames),
  }),
  { maxLength: 6 },
)
const roles = fc.array(fc.constantFrom(...roleNames), { minLength: 1, maxLength: 4 })

/** By trying everything: the most roles that distinct humans can give. */
function mostGiven(left: readonly string[], free: readonly RoleHolder[]): number {
  const [role, ...rest] = left
  if (role === undefined) return 0
  const withRole = free
    .filter((holder) => holder.roles.includes(role))
    .map(
      (taken) =>
        1 +
        mostGiven(
          rest,
          free.filter(({ human }) => human !== taken.human),
        ),
    )
  return Math.max(mostGiven(rest, free), ...withRole)
}

describe('2.1 assignRoles', () => {
  it('gives the roles of someone with two to another where that fills both', () => {
    const both = { human: 'both', roles: ['owner', 'security'] }
    expect(unmetRoles(['owner', 'security'], [both])).toHaveLength(1)
    expect(assignRoles(['owner', 'security'], [both, { human: 'one', roles: ['owner'] }])).toEqual(['one', 'both'])
  })

  it('needs a role twice from two people', () => {
    const [one, two] = ['a', 'b'].map((human) => ({ human, roles: ['security'] }))
    expect(unmetRoles(['security', 'security'], one ? [one] : [])).toEqual(['security'])
    expect(unmetRoles(['security', 'security'], one && two ? [one, two] : [])).toEqual([])
  })

  it('I4 gives as many roles as any assignment can, each to another human who holds it', () => {
    fc.assert(
      fc.property(roles, holders, (wanted, given) => {
        const assigned = assignRoles(wanted, given)
        const humans = assigned.filter((human) => human !== undefined)
        expect(new Set(humans).size).toBe(humans.length)
        expect(humans).toHaveLength(mostGiven(wanted, given))
        for (const [index, human] of assigned.entries())
          if (human !== undefined)
            expect(given.some((one) => one.human === human && one.roles.includes(wanted[index] ?? ''))).toBe(true)
      }),
    )
  })

  it('fills as much whatever the order of the holders', () => {
    fc.assert(
      fc.property(roles, holders, (wanted, given) => {
        expect(unmetRoles(wanted, given.toReversed())).toHaveLength(unmetRoles(wanted, given).length)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CastVote,
  castVote,
  givenRoles,
  hasQuorum,
  humanOf,
  missingRoles,
  wrongCodesMax,
} from '../../../functions/approvals/ballot.ts'
import { type Ballot, isApproved } from '../../../functions/approvals/index.ts'
import { anyApprover, anyBallot, planHash } from './any-ballot.ts'

const at = '2026-01-01T12:00:00.000Z'
const anyVote = (vote: Partial<CastVote> = {}): CastVote => ({
  personId: 'olivia',
  planHash,
  choice: 'approve',
  comment: '',
  proof: 'code',
  at,
  ...vote,
})
const cast = (ballot: Ballot, vote: Partial<CastVote>) => {
  const result = castVote(ballot, anyVote(vote))
  return result.ballot ?? ballot
}

describe('11.5 castVote', () => {
  it.each([
    ['B31 a vote after the plan changed', anyBallot(), { planHash: 'b'.repeat(64) }, 'plan-changed'],
    [
      'F14 a vote at the deadline, whatever a TTL left readable',
      anyBallot(),
      { at: '2026-01-02T00:00:00.000Z' },
      'deadline-passed',
    ],
    ['someone who was not asked', anyBallot(), { personId: 'mallory' }, 'not-an-approver'],
    ['B29 the requester', anyBallot({ requester: 'olivia' }), {}, 'own-request'],
    ['B29 the author of the rollback plan', anyBallot({ rollbackAuthor: 'olivia' }), {}, 'rollback-author'],
    [
      'B30 the requester under another entry',
      anyBallot({ requester: 'olivia2', approvers: [anyApprover({ sameAs: ['olivia', 'olivia2'] })] }),
      {},
      'own-request',
    ],
    ['B28 a vote in the session of someone else', anyBallot(), { proof: 'other-session' }, 'other-session'],
    ['F14 a vote on a ballot that expired', anyBallot({ outcome: 'expired' }), {}, 'deadline-passed'],
    ['F18 a vote without the right code', anyBallot(), { proof: 'wrong-code' }, 'wrong-code'],
    [
      'B35 a right code after five wrong ones',
      anyBallot({ approvers: [anyApprover({ wrongCodes: wrongCodesMax })] }),
      {},
      'locked',
    ],
    ['a vote on a decided ballot', anyBallot({ outcome: 'rejected' }), {}, 'ballot-closed'],
    [
      'a vote on a decided ballot after its deadline',
      anyBallot({ outcome: 'approved' }),
      { at: '2026-02-01T00:00:00.000Z' },
      'ballot-closed',
    ],
    ['a change without a plan', anyBallot(), { planHash: undefined }, 'plan-changed'],
  ] as const)('refuses %s', (_, ballot, vote, refused) => {
    expect(castVote(ballot, anyVote(vote))).toMatchObject({ refused })
  })

  it('F15 tells of the first vote when the same person votes again', () => {
    const once = cast(anyBallot(), {})
    expect(castVote(once, anyVote({ choice: 'reject' }))).toMatchObject({
      refused: 'already-voted',
      earlier: { choice: 'approve', at },
    })
  })

  it('2.1 approves when each role is given by another person, and counts nobody twice', () => {
    const both = cast(anyBallot(), { personId: 'both' })
    expect(both.outcome).toBe('open')
    expect(cast(both, { personId: 'sven' }).outcome).toBe('approved')
    expect(cast(both, { personId: 'olivia' }).outcome).toBe('approved')
  })

  it('I5 keeps the first terminal decision', () => {
    const rejected = cast(anyBallot(), { choice: 'reject' })
    expect(rejected.outcome).toBe('rejected')
    expect(castVote(rejected, anyVote({ personId: 'sven' }))).toMatchObject({ refused: 'ballot-closed' })
  })

  it('B30 counts one human once, by whichever of their entries they vote', () => {
    const sameAs = ['olivia', 'olivia2']
    const ballot = anyBallot({
      approvers: [anyApprover({ sameAs }), anyApprover({ personId: 'olivia2', roles: ['security'], sameAs })],
    })
    const once = cast(ballot, {})
    expect(castVote(once, anyVote({ personId: 'olivia2' }))).toMatchObject({ refused: 'already-voted' })
    expect(hasQuorum({ ...ballot, votes: [...once.votes, { ...anyVote({ personId: 'olivia2' }), via: 'code' }] })).toBe(
      false,
    )
  })

  it('B35 locks at the fifth wrong code, that one approver only, and a session still proves who they are', () => {
    const wrong = Array.from({ length: wrongCodesMax }).reduce<Ballot>((now) => {
      const result = castVote(now, anyVote({ proof: 'wrong-code' }))
      return result.ballot ?? now
    }, anyBallot())
    expect(wrong.approvers.map(({ lockedAt }) => lockedAt)).toEqual([at, undefined, undefined])
    expect(castVote(wrong, anyVote())).toEqual({ refused: 'locked' })
    expect(castVote(wrong, anyVote({ personId: 'sven' }))).toHaveProperty('ballot.votes.length', 1)
    expect(castVote(wrong, anyVote({ proof: 'session' }))).toHaveProperty('ballot.votes.length', 1)
  })

  it('a stand-in gives only the roles that they stand in for', () => {
    const ballot = anyBallot({
      approvers: [
        anyApprover(),
        anyApprover({ personId: 'eddie', roles: ['executive'], isEscalation: true, standsInFor: ['security'] }),
      ],
    })
    expect(cast(cast(ballot, {}), { personId: 'eddie' }).outcome).toBe('approved')
    expect(missingRoles(cast(ballot, { personId: 'eddie' }))).toEqual(['service-owner'])
  })

  it('gives each role to another human, by name, and leaves the others open', () => {
    const both = { personId: 'both', roles: ['service-owner', 'security'] }
    const ballot = anyBallot({ approvers: [anyApprover(both), anyApprover()] })
    const named = (given: Ballot) => givenRoles(given).map(({ role, by }) => [role, by?.personId])
    expect(named(ballot)).toEqual([
      ['service-owner', undefined],
      ['security', undefined],
    ])
    const voted = cast(cast(ballot, { personId: 'both' }), {})
    expect(named(voted)).toEqual([
      ['service-owner', 'olivia'],
      ['security', 'both'],
    ])
    expect(named(cast(ballot, { choice: 'reject' })).map(([, by]) => by)).toEqual([undefined, undefined])
  })

  const people = ['olivia', 'sven', 'both', 'both2', 'req', 'author', 'mallory']
  const propertyBallot = () =>
    anyBallot({
      requester: 'req',
      rollbackAuthor: 'author',
      approvers: [
        anyApprover(),
        anyApprover({ personId: 'sven', roles: ['security'] }),
        anyApprover({ personId: 'both', roles: ['service-owner', 'security'], sameAs: ['both', 'both2'] }),
        anyApprover({ personId: 'both2', roles: ['service-owner', 'security'], sameAs: ['both', 'both2'] }),
        anyApprover({ personId: 'req', roles: ['service-owner', 'security'] }),
        anyApprover({ personId: 'author', roles: ['service-owner', 'security'] }),
      ],
    })
  const votes = fc.array(
    fc.record({
      personId: fc.constantFrom(...people),
      choice: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'reject' as const),
      proof: fc.constantFrom('code' as const, 'session' as const, 'wrong-code' as const, 'other-session' as const),
      planHash: fc.constantFrom(planHash, planHash, planHash, 'b'.repeat(64)),
      at: fc.constantFrom(at, at, at, '2026-01-02T00:00:00.000Z'),
    }),
    { maxLength: 14 },
  )

  it('I4 is never approved without a quorum of distinct eligible people, whatever is sent', () => {
    fc.assert(
      fc.property(votes, (sequence) => {
        const ballot = sequence.reduce((now, vote) => cast(now, vote), propertyBallot())
        const humans = ballot.votes.map(({ personId }) => humanOf(ballot, personId))
        expect(new Set(humans).size).toBe(humans.length)
        expect(humans.filter((human) => ['req', 'author', 'mallory'].includes(human))).toEqual([])
        expect(isApproved(ballot, planHash)).toBe(ballot.outcome === 'approved')
        if (ballot.outcome !== 'approved') return
        const approving = ballot.votes.filter(({ choice }) => choice === 'approve').map(({ personId }) => personId)
        const holds = (role: string) =>
          approving.filter((id) => ballot.approvers.some((one) => one.personId === id && one.roles.includes(role)))
        expect(approving.length).toBeGreaterThanOrEqual(2)
        expect(holds('service-owner').length > 0 && holds('security').length > 0).toBe(true)
        expect(ballot.votes.some(({ choice }) => choice === 'reject')).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('I5 stays as it ended, whatever is sent after', () => {
    fc.assert(
      fc.property(votes, votes, (before, after) => {
        const ended = before.reduce((now, vote) => cast(now, vote), propertyBallot())
        fc.pre(ended.outcome !== 'open')
        expect(after.reduce((now, vote) => cast(now, vote), ended)).toEqual(ended)
      }),
      { numRuns: 500 },
    )
  })

  it('who may be counted does not depend on the order of votes', () => {
    const approvals = fc.shuffledSubarray(['olivia', 'sven', 'both', 'req'], { minLength: 1 })
    fc.assert(
      fc.property(approvals, (order) => {
        const outcome = (people: readonly string[]) =>
          people.reduce((now, personId) => cast(now, { personId }), propertyBallot()).outcome
        expect(outcome(order)).toBe(outcome(order.toSorted()))
      }),
    )
  })

  it('does not hold for another plan', () => {
    const approved = cast(cast(anyBallot(), {}), { personId: 'sven' })
    expect(isApproved(approved, planHash)).toBe(true)
    expect(isApproved(approved, 'b'.repeat(64))).toBe(false)
  })
})

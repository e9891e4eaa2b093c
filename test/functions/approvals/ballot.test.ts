import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Ballot, isApproved } from '../../../functions/approvals/ballot.ts'
import type { Person } from '../../../functions/catalogue/catalogue.ts'
import { type CastAnswer, castAnswer, wrongCodesMax } from '../../../functions/people/casting.ts'
import { givenRoles, hasQuorum, missingRoles } from '../../../functions/people/counting.ts'
import { type People, peopleOf } from '../../../functions/people/people.ts'
import { anyPerson } from '../people/any-people.ts'
import { anyApprover, anyBallot, planHash } from './any-ballot.ts'

const at = '2026-01-01T12:00:00.000Z'
const anyVote = (vote: Partial<CastAnswer> = {}): CastAnswer => ({
  personId: 'olivia',
  subjectHash: planHash,
  choice: 'approve',
  comment: '',
  proof: 'code',
  at,
  ...vote,
})
const everyone = [
  anyPerson('olivia'),
  anyPerson('sven', { roles: ['security'] }),
  anyPerson('both', { roles: ['service-owner', 'security'] }),
  anyPerson('eddie', { roles: ['executive'] }),
]
const known = peopleOf(everyone)
/** Olivia under a second entry, with whatever role that has. */
const twice = (roles: Person['roles'] = ['service-owner']) =>
  peopleOf([...everyone, anyPerson('olivia2', { roles, aliases: ['olivia@example.com'] })])
const cast = (ballot: Ballot, vote: Partial<CastAnswer>, people: People = known) => {
  const result = castAnswer(ballot, anyVote(vote), people)
  return result.question ?? ballot
}

describe('11.5 castVote', () => {
  it.each([
    ['B31 a vote after the plan changed', anyBallot(), { subjectHash: 'b'.repeat(64) }, 'subject-changed'],
    [
      'F14 a vote at the deadline, whatever a TTL left readable',
      anyBallot(),
      { at: '2026-01-02T00:00:00.000Z' },
      'deadline-passed',
    ],
    ['someone who was not asked', anyBallot(), { personId: 'mallory' }, 'not-asked'],
    ['B29 the requester', anyBallot({ requester: 'olivia' }), {}, 'own-request'],
    ['B29 the author of the rollback plan', anyBallot({ rollbackAuthor: 'olivia' }), {}, 'rollback-author'],
    ['B30 the requester under another entry', anyBallot({ requester: 'olivia2' }), {}, 'own-request'],
    ['B28 a vote in the session of someone else', anyBallot(), { proof: 'other-session' }, 'other-session'],
    ['F14 a vote on a ballot that expired', anyBallot({ outcome: 'expired' }), {}, 'deadline-passed'],
    ['F18 a vote without the right code', anyBallot(), { proof: 'wrong-code' }, 'wrong-code'],
    [
      'B35 a right code after five wrong ones',
      anyBallot({ approvers: [anyApprover({ wrongCodes: wrongCodesMax })] }),
      {},
      'locked',
    ],
    ['a vote on a decided ballot', anyBallot({ outcome: 'rejected' }), {}, 'question-closed'],
    [
      'a vote on a decided ballot after its deadline',
      anyBallot({ outcome: 'approved' }),
      { at: '2026-02-01T00:00:00.000Z' },
      'question-closed',
    ],
    ['a change without a plan', anyBallot(), { subjectHash: undefined }, 'subject-changed'],
  ] as const)('refuses %s', (_, ballot, vote, because) => {
    const result = castAnswer(ballot, anyVote(vote), twice())
    expect('refused' in result && (result.exclusion ?? result.refused)).toBe(because)
  })

  it('F15 tells of the first vote when the same person votes again', () => {
    const once = cast(anyBallot(), {})
    expect(castAnswer(once, anyVote({ choice: 'reject' }), known)).toMatchObject({
      refused: 'already-answered',
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
    expect(castAnswer(rejected, anyVote({ personId: 'sven' }), known)).toMatchObject({ refused: 'question-closed' })
  })

  it('B30 counts one human once, by whichever of their entries they vote', () => {
    const people = twice(['security'])
    const ballot = anyBallot({ approvers: [anyApprover(), anyApprover({ personId: 'olivia2' })] })
    const once = cast(ballot, {}, people)
    expect(castAnswer(once, anyVote({ personId: 'olivia2' }), people)).toMatchObject({ refused: 'already-answered' })
    const second = { personId: 'olivia2', choice: 'approve', comment: '', at, via: 'code' as const }
    expect(hasQuorum({ ...ballot, answers: [...once.answers, second] }, people)).toBe(false)
  })

  it('B35 locks at the fifth wrong code, that one approver only, and a session still proves who they are', () => {
    const wrong = Array.from({ length: wrongCodesMax }).reduce<Ballot>((now) => {
      const result = castAnswer(now, anyVote({ proof: 'wrong-code' }), known)
      return result.question ?? now
    }, anyBallot())
    expect(wrong.asked.map(({ lockedAt }) => lockedAt)).toEqual([at, undefined, undefined])
    expect(castAnswer(wrong, anyVote(), known)).toEqual({ refused: 'locked' })
    expect(castAnswer(wrong, anyVote({ personId: 'sven' }), known)).toHaveProperty('question.answers.length', 1)
    expect(castAnswer(wrong, anyVote({ proof: 'session' }), known)).toHaveProperty('question.answers.length', 1)
  })

  it('a stand-in gives only the roles that they stand in for', () => {
    const ballot = anyBallot({
      approvers: [anyApprover(), anyApprover({ personId: 'eddie', isEscalation: true, standsInFor: ['security'] })],
    })
    expect(cast(cast(ballot, {}), { personId: 'eddie' }).outcome).toBe('approved')
    expect(missingRoles(cast(ballot, { personId: 'eddie' }), known)).toEqual(['service-owner'])
  })

  it('gives each role to another human, by name, and leaves the others open', () => {
    const ballot = anyBallot({ approvers: [anyApprover({ personId: 'both' }), anyApprover()] })
    const named = (given: Ballot) => givenRoles(given, known).map(({ role, by }) => [role, by])
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

  const voters = ['olivia', 'sven', 'both', 'both2', 'req', 'author', 'mallory']
  const everyRole: Person['roles'] = ['service-owner', 'security']
  const people = peopleOf([
    anyPerson('olivia'),
    anyPerson('sven', { roles: ['security'] }),
    anyPerson('both', { roles: everyRole }),
    anyPerson('both2', { roles: everyRole, aliases: ['both@example.com'] }),
    anyPerson('req', { roles: everyRole }),
    anyPerson('author', { roles: everyRole }),
    anyPerson('mallory', { roles: everyRole }),
  ])
  const propertyBallot = () =>
    anyBallot({
      requester: 'req',
      rollbackAuthor: 'author',
      approvers: ['olivia', 'sven', 'both', 'both2', 'req', 'author'].map((personId) => anyApprover({ personId })),
    })
  const votes = fc.array(
    fc.record({
      personId: fc.constantFrom(...voters),
      choice: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'reject' as const),
      proof: fc.constantFrom('code' as const, 'session' as const, 'wrong-code' as const, 'other-session' as const),
      subjectHash: fc.constantFrom(planHash, planHash, planHash, 'b'.repeat(64)),
      at: fc.constantFrom(at, at, at, '2026-01-02T00:00:00.000Z'),
    }),
    { maxLength: 14 },
  )

  it('I4 is never approved without a quorum of distinct eligible people, whatever is sent', () => {
    fc.assert(
      fc.property(votes, (sequence) => {
        const ballot = sequence.reduce((now, vote) => cast(now, vote, people), propertyBallot())
        const humans = ballot.answers.map(({ personId }) => people.humanOf(personId))
        expect(new Set(humans).size).toBe(humans.length)
        expect(humans.filter((human) => ['req', 'author', 'mallory'].includes(human))).toEqual([])
        expect(isApproved(ballot, planHash, people.all)).toBe(ballot.outcome === 'approved')
        if (ballot.outcome !== 'approved') return
        const approving = ballot.answers.filter(({ choice }) => choice === 'approve').map(({ personId }) => personId)
        const holds = (role: string) =>
          approving.filter((id) => people.all.some((one) => one.id === id && one.roles.some((held) => held === role)))
        expect(approving.length).toBeGreaterThanOrEqual(2)
        expect(holds('service-owner').length > 0 && holds('security').length > 0).toBe(true)
        expect(ballot.answers.some(({ choice }) => choice === 'reject')).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('I5 stays as it ended, whatever is sent after', () => {
    fc.assert(
      fc.property(votes, votes, (before, after) => {
        const ended = before.reduce((now, vote) => cast(now, vote, people), propertyBallot())
        fc.pre(ended.outcome !== 'open')
        expect(after.reduce((now, vote) => cast(now, vote, people), ended)).toEqual(ended)
      }),
      { numRuns: 500 },
    )
  })

  it('who may be counted does not depend on the order of votes', () => {
    const approvals = fc.shuffledSubarray(['olivia', 'sven', 'both', 'req'], { minLength: 1 })
    fc.assert(
      fc.property(approvals, (order) => {
        const outcome = (approving: readonly string[]) =>
          approving.reduce((now, personId) => cast(now, { personId }, people), propertyBallot()).outcome
        expect(outcome(order)).toBe(outcome(order.toSorted()))
      }),
    )
  })

  it.each([
    ['the requester', { requester: 'sven' }],
    ['the author of the rollback plan', { rollbackAuthor: 'sven' }],
    ['the requester, by an address', { requester: 'S.ven+x@example.com' }],
  ])('B29 the recount at a gate leaves out the vote of %s, however it came to stand there', (_, authors) => {
    const votes = ['olivia', 'sven'].map((personId) => ({
      personId,
      choice: 'approve',
      comment: '',
      at,
      via: 'code' as const,
    }))
    expect(isApproved(anyBallot({ outcome: 'approved', votes }), planHash, everyone)).toBe(true)
    expect(isApproved(anyBallot({ outcome: 'approved', votes, ...authors }), planHash, everyone)).toBe(false)
    expect(missingRoles(anyBallot({ votes, ...authors }), known)).toEqual(['security'])
  })

  it('does not hold for another plan', () => {
    const approved = cast(cast(anyBallot(), {}), { personId: 'sven' })
    expect(isApproved(approved, planHash, everyone)).toBe(true)
    expect(isApproved(approved, 'b'.repeat(64), everyone)).toBe(false)
  })
})

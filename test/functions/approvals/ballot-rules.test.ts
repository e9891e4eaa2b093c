import { describe, expect, it } from 'vitest'
import {
  approvalEndsAt,
  freezeOverriddenBy,
  isApproved,
  openBallot,
  ownRequest,
  reviewedBy,
  rollbackAuthor,
} from '../../../functions/approvals/ballot.ts'
import { type Quorum, quorumFor } from '../../../functions/catalogue/policy.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPerson } from '../people/any-people.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyApprover, anyBallot, planHash } from './any-ballot.ts'

const quorum = (roles: Quorum['roles']): Quorum => ({
  roles,
  remindAfterSeconds: 60,
  escalateAfterSeconds: 120,
  escalateTo: 'executive',
  deadlineSeconds: 3_600,
})
const [standard, normal, emergency] = [
  quorum(['service-owner']),
  quorum(['service-owner', 'security']),
  quorum(['executive']),
]
const everyone = [
  anyPerson('olivia'),
  anyPerson('sven', { roles: ['security'] }),
  anyPerson('both', { roles: ['service-owner', 'security'] }),
]
const at = '2026-01-01T00:00:00.000Z'
const plan = anyPlan({ rollbackPlan: { ...anyPlan().rollbackPlan, author: 'both' } })
const opened = (requester: string) =>
  openBallot(anyChange({ requester }), plan, planHash, peopleOf(everyone), { approvals: { normal, emergency } }, at)

describe('2.1 which quorum a change needs', () => {
  it.each([
    ['standard', { standard, normal, emergency }, standard],
    ['standard', { normal, emergency }, normal],
    ['normal', { standard, normal, emergency }, normal],
    ['emergency', { standard, normal, emergency }, emergency],
  ] as const)('%s: its own, or the normal one where it has none', (changeClass, approvals, expected) => {
    expect(quorumFor({ class: changeClass }, { approvals })).toBe(expected)
  })
})

describe('2.4 the review of the rollback plan', () => {
  const withReviewer = (schemaVersion: 1 | 2) => ({
    ...anyPlan({ rollbackPlan: { ...anyPlan().rollbackPlan, reviewer: 'sven' } }),
    schemaVersion,
  })
  const four = peopleOf([...everyone, anyPerson('stella', { roles: ['security'] })])
  const ballotOn = (schemaVersion: 1 | 2) =>
    openBallot(anyChange(), withReviewer(schemaVersion), planHash, four, { approvals: { normal, emergency } }, at)

  it('is a vote that only the reviewer gives, beside the quorum', () => {
    expect(ballotOn(2)).toMatchObject({ roles: ['person:sven', 'service-owner', 'security'] })
  })

  it('is asked of nobody for a plan of version 1, whose reviewer is a name alone', () => {
    expect(ballotOn(1)).toMatchObject({ roles: ['service-owner', 'security'] })
  })

  it('B6 is named once it is given, and never before', () => {
    const answer = (personId: string) => ({ personId, choice: 'approve', comment: '', at, via: 'code' as const })
    const ballot = ballotOn(2)
    if ('missing' in ballot) throw new Error(ballot.missing.join())
    const before = { ...ballot, answers: [answer('olivia'), answer('stella')] }
    expect(reviewedBy(before, withReviewer(2), four)).toBeUndefined()
    expect(reviewedBy({ ...ballot, answers: [answer('sven')] }, withReviewer(2), four)).toBe('sven')
  })
})

describe('2.4 a plan without a reviewer', () => {
  it('asks nobody for a review, and names no reviewer', () => {
    const { reviewer: _, ...rollbackPlan } = { reviewer: undefined, ...anyPlan().rollbackPlan }
    const unreviewed = { ...anyPlan({ rollbackPlan }), schemaVersion: 2 as const }
    const people = peopleOf(everyone)
    const ballot = openBallot(anyChange(), unreviewed, planHash, people, { approvals: { normal, emergency } }, at)
    expect(ballot).toMatchObject({ roles: ['service-owner', 'security'] })
    expect(reviewedBy(anyBallot(), unreviewed, people)).toBeUndefined()
  })
})

describe('2.3 the vote that overrides a freeze', () => {
  const frozen = (overrideRole?: string) =>
    anyPlan({ freeze: { breaksDueAt: at, ...(overrideRole === undefined ? {} : { overrideRole }) } })
  const voted = (personId: string) => ({ personId, choice: 'approve', comment: '', at, via: 'code' as const })
  const roles = ['service-owner', 'security']
  const people = [...everyone, anyPerson('erin', { roles: ['executive'] })]
  const approved = anyBallot({
    roles: [...roles, 'executive'],
    outcome: 'approved',
    approvers: ['olivia', 'sven', 'erin'].map((personId) => anyApprover({ personId })),
    votes: ['olivia', 'sven', 'erin'].map(voted),
  })

  it('is one more role of the ballot, the last, where the plan names it', () => {
    const ballotOn = (overrideRole?: string) =>
      openBallot(
        anyChange(),
        frozen(overrideRole),
        planHash,
        peopleOf(people),
        { approvals: { normal, emergency } },
        at,
      )
    expect(ballotOn('executive')).toMatchObject({ roles: [...roles, 'executive'] })
    expect(ballotOn()).toMatchObject({ roles })
  })

  it('is named by who gave that role, once exactly this plan is approved with it', () => {
    expect(freezeOverriddenBy(approved, frozen('executive'), planHash, people)).toBe('erin')
    expect(freezeOverriddenBy(approved, frozen('executive'), 'b'.repeat(64), people)).toBeUndefined()
    expect(freezeOverriddenBy({ ...approved, outcome: 'open' }, frozen('executive'), planHash, people)).toBeUndefined()
  })

  it('is nobody where the plan asks for none, or the ballot has no roles', () => {
    expect(freezeOverriddenBy(approved, frozen(), planHash, people)).toBeUndefined()
    expect(freezeOverriddenBy(approved, anyPlan(), planHash, people)).toBeUndefined()
    const without = anyBallot({ roles: [], outcome: 'approved' })
    expect(freezeOverriddenBy(without, frozen('executive'), planHash, people)).toBeUndefined()
  })
})

describe('B5 the end of an approval', () => {
  it.each([
    ['its decision', { decidedAt: '2026-01-02T00:00:00.000Z', openedAt: at }, 3_600, '2026-01-02T01:00:00.000Z'],
    ['its opening, without a decision', { openedAt: at }, 3_600, '2026-01-01T01:00:00.000Z'],
    ['its decision, 30 days where the plan says nothing', { openedAt: at }, undefined, '2026-01-31T00:00:00.000Z'],
  ])('is counted from %s', (_, ballot, approvalValidSeconds, endsAt) => {
    expect(approvalEndsAt(ballot, approvalValidSeconds === undefined ? {} : { approvalValidSeconds })).toBe(endsAt)
  })
})

describe('2.1 a new ballot', () => {
  it('asks about exactly this plan, one approval of each role, and one rejection ends it', () => {
    expect(opened('drydock')).toMatchObject({
      purpose: 'approval',
      subject: '01J00000000000000000000001',
      changeId: '01J00000000000000000000001',
      subjectHash: planHash,
      choices: [
        { choice: 'approve', outcome: 'approved', isFinal: false },
        { choice: 'reject', outcome: 'rejected', isFinal: true },
      ],
      roles: ['service-owner', 'security'],
      escalateTo: 'executive',
      openedAt: at,
      remindAt: '2026-01-01T00:01:00.000Z',
      escalateAt: '2026-01-01T00:02:00.000Z',
      deadlineAt: '2026-01-01T01:00:00.000Z',
      answers: [],
      outcome: 'open',
    })
  })

  it('lets nobody hand their vote to someone whom the policy does not name', () => {
    expect(opened('drydock')).toMatchObject({ mayDelegate: false })
  })

  it('B29 asks neither the requester nor the author of the way back, each for a reason of their own', () => {
    expect([ownRequest, rollbackAuthor]).toEqual(['own-request', 'rollback-author'])
    expect(opened('drydock')).toMatchObject({
      excluded: [
        { who: 'drydock', because: 'own-request' },
        { who: 'both', because: 'rollback-author' },
      ],
      asked: [{ personId: 'olivia' }, { personId: 'sven' }],
    })
    expect(opened('sven')).toEqual({ missing: ['security'], unheld: ['security'] })
  })
})

describe('I4 the recount at a gate', () => {
  const votes = ['olivia', 'sven'].map(
    (personId) => ({ personId, choice: 'approve', comment: '', at, via: 'code' }) as const,
  )

  it.each([
    ['approved, by its quorum, for this plan', { outcome: 'approved', votes }, planHash, true],
    ['still open, though its quorum voted', { outcome: 'open', votes }, planHash, false],
    ['expired, though its quorum voted', { outcome: 'expired', votes }, planHash, false],
    ['approved for another plan', { outcome: 'approved', votes }, 'b'.repeat(64), false],
    ['approved without a quorum', { outcome: 'approved', votes: votes.slice(1) }, planHash, false],
  ])('of a ballot that is %s', (_, ballot, hash, isStanding) => {
    expect(isApproved(anyBallot({ ...ballot, votes: [...ballot.votes] }), hash, everyone)).toBe(isStanding)
  })
})

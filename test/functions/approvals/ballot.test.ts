import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CastVote, castVote, hasQuorum, wrongCodesMax } from '../../../functions/approvals/ballot.ts'
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
  return 'refused' in result ? ballot : result.ballot
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
    ['B29 the author of the rollback plan', anyBallot({ rollbackAuthor: 'olivia' }), {}, 'own-request'],
    ['F18 a vote without the right code', anyBallot(), { proof: 'wrong-code' }, 'wrong-code'],
    [
      'B35 a right code after five wrong ones',
      anyBallot({ approvers: [anyApprover({ wrongCodes: wrongCodesMax })] }),
      {},
      'locked',
    ],
    ['a vote on a decided ballot', anyBallot({ outcome: 'rejected' }), {}, 'ballot-closed'],
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

  it('I4 is never approved without a quorum of distinct eligible people, in any order of votes', () => {
    const people = ['olivia', 'sven', 'both', 'drydock', 'mallory']
    const votes = fc.array(
      fc.record({
        personId: fc.constantFrom(...people),
        choice: fc.constantFrom('approve' as const, 'reject' as const),
        proof: fc.constantFrom('code' as const, 'session' as const, 'wrong-code' as const),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(votes, (sequence) => {
        const ballot = sequence.reduce((now, vote) => cast(now, vote), anyBallot())
        const approving = new Set(
          ballot.votes.filter(({ choice }) => choice === 'approve').map(({ personId }) => personId),
        )
        expect(ballot.votes).toHaveLength(new Set(ballot.votes.map(({ personId }) => personId)).size)
        expect(approving.has('drydock') || approving.has('mallory')).toBe(false)
        expect(isApproved(ballot, planHash)).toBe(ballot.outcome === 'approved')
        if (ballot.outcome === 'approved') expect(hasQuorum(ballot) && approving.size >= 2).toBe(true)
      }),
    )
  })

  it('does not hold for another plan', () => {
    const approved = cast(cast(anyBallot(), {}), { personId: 'sven' })
    expect(isApproved(approved, planHash)).toBe(true)
    expect(isApproved(approved, 'b'.repeat(64))).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { approvalGate } from '../../../../functions/rollout/gates/approval.ts'
import { planHash } from '../../approvals/any-ballot.ts'
import { anyChange } from '../../changes/any-change.ts'
import { anyPlan } from '../../planning/any-plan.ts'
import { anyService, approvedBallot, catalogueOf, people } from '../any-catalogue.ts'
import { anyGateFacts, changeOf, known, nowIso } from './any-gate-facts.ts'

const { changeId } = anyChange()
const ballot = approvedBallot(changeId, planHash)
const [olivia, sven] = people
const rita = { id: 'rita', name: 'Rita', email: 'rita@example.com', roles: ['operations'] }
const held = {
  because: 'this plan is not approved by its quorum',
  endedBy: { kind: 'person', role: 'change-manager' },
}

describe('I4 the approval of a plan', () => {
  it('is counted again, and stands while its quorum does', () => {
    expect(approvalGate.check(anyGateFacts())).toBeUndefined()
  })

  it.each([
    ['another plan was approved', { ballot: known(approvedBallot(changeId, 'b'.repeat(64))) }],
    ['the change has another plan since', { change: changeOf({ planHash: 'b'.repeat(64) }) }],
    ['the change has no plan', { change: known(anyChange({ state: 'approved' })) }],
    ['the ballot is open', { ballot: known({ ...ballot, outcome: 'open' as const }) }],
    ['a vote of the quorum is missing', { ballot: known({ ...ballot, answers: ballot.answers.slice(1) }) }],
  ])('holds for people where %s', (_, facts) => {
    expect(approvalGate.check(anyGateFacts(facts))).toEqual(held)
  })

  const withPlan = (plan: Parameters<typeof anyPlan>[0]) => ({ plan: known(anyPlan(plan)) })
  const decided = (decidedAt: string) => ({ ballot: known({ ...ballot, decidedAt }) })

  it.each([
    ['a second before it ends', decided('2026-01-01T11:00:01.000Z'), withPlan({ approvalValidSeconds: 3600 }), false],
    ['when it ends', decided('2026-01-01T11:00:00.000Z'), withPlan({ approvalValidSeconds: 3600 }), true],
    ['of a plan of before, after 29 days', decided('2025-12-03T12:00:00.000Z'), {}, false],
    ['B5 of a plan of before, after 300 days', decided('2025-03-07T12:00:00.000Z'), {}, true],
  ])('11.5 an approval ends: %s', (_, one, other, isOver) => {
    const hold = approvalGate.check(anyGateFacts({ ...one, ...other }))
    expect(hold?.because.includes('the approval of this plan ended at')).toBe(isOver ? true : undefined)
  })

  it('11.5 an approval that has ended waits for a change manager, who plans it again', () => {
    const ended = { ...decided('2026-01-01T11:00:00.000Z'), ...withPlan({ approvalValidSeconds: 3600 }) }
    expect(approvalGate.check(anyGateFacts(ended))).toEqual({
      because: `the approval of this plan ended at ${nowIso}; planned again, it is asked for again`,
      endedBy: { kind: 'person', role: 'change-manager' },
    })
  })

  it('11.5 an approval whose plan cannot be read is not taken for a young one', () => {
    expect(approvalGate.check(anyGateFacts({ plan: { kind: 'missing' } }))).toMatchObject({
      because: 'the plan cannot be read: it is missing',
    })
  })

  it.each([
    ['a voter left the catalogue', people.slice(1)],
    ['a voter lost the role', [{ ...olivia, roles: ['operations'] }, sven]],
    ['a voter is an author under another entry', [{ ...olivia, aliases: ['rita@example.com'] }, sven, rita]],
  ])('counts people as they are now, and holds where %s', (_, now) => {
    const excluded = [{ who: 'rita', because: 'own-request' }]
    const facts = {
      ballot: known({ ...ballot, excluded }),
      catalogue: known(catalogueOf([anyService('web')], { people: now })),
    }
    expect(approvalGate.check(anyGateFacts(facts))).toEqual(held)
    const before = known(catalogueOf([anyService('web')], { people: [...people, rita] }))
    expect(approvalGate.check(anyGateFacts({ ...facts, catalogue: before }))).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { approvalGate } from '../../../../functions/rollout/gates/approval.ts'
import { planHash } from '../../approvals/any-ballot.ts'
import { anyChange } from '../../changes/any-change.ts'
import { anyService, approvedBallot, catalogueOf, people } from '../any-catalogue.ts'
import { anyGateFacts, changeOf, known } from './any-gate-facts.ts'

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

import { describe, expect, it } from 'vitest'
import { freezeOverriddenBy, openBallot } from '../../../functions/approvals/ballot.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import { freezeInTheWay, freezeWords } from '../../../functions/planning/freeze.ts'
import { calendarGate } from '../../../functions/rollout/gates/calendar.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import { planHash } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPerson } from '../people/any-people.ts'
import { anyService, catalogueOf } from '../rollout/any-catalogue.ts'
import { anyGateFacts, changeOf, known } from '../rollout/gates/any-gate-facts.ts'
import { anyPlan } from './any-plan.ts'

const nowIso = '2026-01-01T12:00:00.000Z'
const people = [
  anyPerson('olivia'),
  anyPerson('sven', { roles: ['security'] }),
  anyPerson('eddie', { roles: ['executive'] }),
]
const freeze = { name: 'quarter-end', start: '2025-12-30T00:00:00Z', end: '2026-01-06T00:00:00Z', reason: 'books' }
const catalogue = catalogueOf([anyService('web')], { people, freezes: [freeze] })
const { normal, emergency } = scenarioPolicy().approvals
const policy = { approvals: { normal, emergency: { ...emergency, freezeOverrideRole: 'executive' as const } } }
const urgent = anyChange({ class: 'emergency', dueAt: '2026-01-04T00:00:00.000Z' })
const asked = (over: Partial<Parameters<typeof freezeInTheWay>[0]> = {}) =>
  freezeInTheWay({ plan: anyPlan(), change: urgent, catalogue, policy, nowIso, ...over })

describe('2.3 B1 a freeze that breaks a due date', () => {
  it('is on the plan of an emergency, with the role whose vote overrides it', () => {
    const found = asked()
    expect(found).toMatchObject({
      until: '2026-01-06T00:00:00.000Z',
      breaksDueAt: urgent.dueAt,
      overrideRole: 'executive',
    })
    expect(freezeWords({ freeze: found })).toContain(
      'breaks the due date 2026-01-04T00:00:00.000Z; the vote of executive',
    )
  })

  it('is named without a way around it where the change is no emergency, or the policy names nobody', () => {
    expect(asked({ change: { ...urgent, class: 'normal' } })).not.toHaveProperty('overrideRole')
    expect(freezeWords({ freeze: asked({ policy: { approvals: { normal, emergency } } }) })).toContain('names nobody')
  })

  it.each([
    ['it ends before the due date', { change: { ...urgent, dueAt: '2026-01-08T00:00:00.000Z' } }],
    ['the change has no due date', { change: anyChange({ class: 'emergency' }) }],
    ['there is none', { catalogue: catalogueOf([anyService('web')], { people }) }],
  ])('is not in the way where %s', (_, over) => expect(asked(over)).toBeUndefined())
})

describe('2.3 I13 the extra vote', () => {
  const plan = { ...anyPlan(), schemaVersion: 2 as const, freeze: asked() }
  const { reviewer: _, ...rollbackPlan } = plan.rollbackPlan
  const frozen = { ...plan, rollbackPlan }
  const vote = (personId: string) => ({ personId, choice: 'approve', comment: '', at: nowIso, via: 'code' as const })
  function ballotOf(...voters: string[]) {
    const ballot = openBallot(urgent, frozen, planHash, peopleOf(people), policy, nowIso)
    if ('missing' in ballot) throw new Error(ballot.missing.join())
    return { ...ballot, outcome: 'approved', decidedAt: nowIso, answers: voters.map(vote) }
  }
  const gateOf = (voters: readonly string[], over: object = {}) =>
    calendarGate.check(
      anyGateFacts({
        change: changeOf({ class: 'emergency' }),
        plan: known(frozen),
        catalogue: known(catalogue),
        ballot: known(ballotOf(...voters)),
        ...over,
      }),
    )

  it('is asked for beside the quorum, and lets this plan work in the freeze', () => {
    expect(ballotOf().roles).toEqual(['service-owner', 'security', 'executive'])
    expect(freezeOverriddenBy(ballotOf('olivia', 'sven', 'eddie'), frozen, planHash, people)).toBe('eddie')
    expect(gateOf(['olivia', 'sven', 'eddie'])).toBeUndefined()
  })

  it.each([
    ['it was not given', ['olivia', 'sven'], {}],
    ['the ballot cannot be read', ['olivia', 'sven', 'eddie'], { ballot: { kind: 'missing' } }],
    [
      'it was given for another plan',
      ['olivia', 'sven', 'eddie'],
      { change: changeOf({ class: 'emergency', planHash: 'b' }) },
    ],
    ['the change is no emergency', ['olivia', 'sven', 'eddie'], { change: changeOf() }],
    [
      'the voter has left since',
      ['olivia', 'sven', 'eddie'],
      { catalogue: known({ ...catalogue, people: people.slice(0, 2) }) },
    ],
  ])('overrides nothing where %s', (__, voters, over) => {
    expect(gateOf(voters, over)?.because).toContain('freeze quarter-end')
  })
})

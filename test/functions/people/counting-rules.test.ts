import { describe, expect, it } from 'vitest'
import {
  exclusionOf,
  givableRoles,
  givenRoles,
  hasQuorum,
  missingRoles,
  outOfReach,
  roleHolder,
  rolesNow,
  unanswered,
} from '../../../functions/people/counting.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import { anyPerson } from './any-people.ts'
import { anyAnswer, anyAsked, anyQuestion } from './quorum-question.ts'

const everyone = [
  anyPerson('olivia'),
  anyPerson('sven', { roles: ['security'] }),
  anyPerson('both', { roles: ['service-owner', 'security'] }),
  anyPerson('eddie', { roles: ['executive'] }),
  anyPerson('otto', { roles: ['operations'] }),
  anyPerson('sven2', { roles: ['service-owner'], aliases: ['sven@example.com'] }),
]
const people = peopleOf(everyone)
const ids = (asked: readonly { readonly personId: string }[]) => asked.map(({ personId }) => personId)

describe('B29 who may not answer', () => {
  const excluded = [
    { who: 'rita', because: 'own-request' },
    { who: 'sven2@example.com', because: 'rollback-author' },
  ]

  it('is told the reason that stands with the name, under any entry of theirs', () => {
    expect(exclusionOf({ excluded }, 'rita', people)).toBe('own-request')
    expect(exclusionOf({ excluded }, 'sven', people)).toBe('rollback-author')
    expect(exclusionOf({ excluded }, 'olivia', people)).toBeUndefined()
  })

  it('gives no role, whatever they hold', () => {
    const question = anyQuestion({ excluded })
    expect(givableRoles(question, anyAsked('sven'), people)).toEqual([])
    expect(givableRoles(question, anyAsked('both'), people)).toEqual(['service-owner', 'security'])
  })
})

describe('11.5 the roles that someone holds now', () => {
  it('are their own and their person alone', () => {
    expect(rolesNow(anyQuestion(), anyAsked('sven'), people)).toEqual(['security', 'person:sven'])
    const personal = anyQuestion({ roles: ['person:sven'] })
    expect(givableRoles(personal, anyAsked('sven'), people)).toEqual(['person:sven'])
    expect(givableRoles(personal, anyAsked('olivia'), people)).toEqual([])
  })

  it('are none once they left the catalogue', () => {
    const standsInFor = ['security']
    expect(rolesNow(anyQuestion(), anyAsked('gone', { standsInFor, delegatedBy: 'olivia' }), people)).toEqual([])
  })

  it('are those that they stand in for while they hold the role that escalation asks, among others', () => {
    const standsInFor = ['security']
    const standIn = peopleOf([...everyone, anyPerson('ella', { roles: ['operations', 'executive'] })])
    const roles = (personId: string) => rolesNow(anyQuestion(), anyAsked(personId, { standsInFor }), standIn)
    expect(roles('eddie')).toEqual(['executive', 'person:eddie', 'security'])
    expect(roles('ella')).toEqual(['operations', 'executive', 'person:ella', 'security'])
    expect(roles('otto')).toEqual(['operations', 'person:otto'])
    expect(rolesNow(anyQuestion(), anyAsked('eddie'), standIn)).toEqual(['executive', 'person:eddie'])
  })

  it('are those of whoever handed the question over, as long as that one may answer', () => {
    const asked = [anyAsked('olivia', { delegatedTo: 'otto' }), anyAsked('otto', { delegatedBy: 'olivia' })]
    const roles = (excluded: { who: string; because: string }[] = []) =>
      rolesNow(anyQuestion({ asked, excluded }), anyAsked('otto', { delegatedBy: 'olivia' }), people)
    expect(roles()).toEqual(['operations', 'person:otto', 'service-owner', 'person:olivia'])
    expect(roles([{ who: 'olivia', because: 'own-request' }])).toEqual(['operations', 'person:otto'])
    expect(rolesNow(anyQuestion({ asked: [] }), anyAsked('otto', { delegatedBy: 'olivia' }), people)).toEqual([
      'operations',
      'person:otto',
    ])
  })

  it('are given as the question asks for them, in its order, by the one human', () => {
    expect(roleHolder(anyQuestion(), anyAsked('both'), people)).toEqual({
      human: 'both',
      roles: ['service-owner', 'security'],
    })
    expect(roleHolder(anyQuestion({ roles: ['security', 'service-owner'] }), anyAsked('both'), people).roles).toEqual([
      'security',
      'service-owner',
    ])
    expect(roleHolder(anyQuestion(), anyAsked('sven2'), people)).toEqual({ human: 'sven', roles: ['service-owner'] })
  })
})

describe('2.1 the quorum', () => {
  it('names who gave each role, and which are missing', () => {
    const question = anyQuestion({ answers: [anyAnswer('sven')] })
    expect(givenRoles(question, people)).toEqual([
      { role: 'service-owner', by: undefined },
      { role: 'security', by: 'sven' },
    ])
    expect(missingRoles(question, people)).toEqual(['service-owner'])
    expect(hasQuorum(question, people)).toBe(false)
    expect(hasQuorum(anyQuestion({ answers: [anyAnswer('sven'), anyAnswer('olivia')] }), people)).toBe(true)
  })

  it('counts no answer that refuses, and none of someone who was not asked', () => {
    const refused = anyQuestion({ answers: [anyAnswer('sven', 'refuse'), anyAnswer('olivia')] })
    expect(missingRoles(refused, people)).toEqual(['security'])
    const stranger = anyQuestion({ answers: [anyAnswer('both'), anyAnswer('olivia')] })
    expect(missingRoles(stranger, people)).toEqual(['security'])
  })

  it('takes two entries of one human for one', () => {
    const asked = ['sven', 'sven2'].map((id) => anyAsked(id))
    const question = anyQuestion({ asked, answers: asked.map(({ personId }) => anyAnswer(personId)) })
    expect(missingRoles(question, people)).toHaveLength(1)
  })

  it('is out of reach in the roles that not even everybody who is asked could give', () => {
    const asked = (...personIds: string[]) => personIds.map((id) => anyAsked(id))
    expect(outOfReach(anyQuestion(), asked('olivia', 'sven'), people)).toEqual([])
    expect(outOfReach(anyQuestion(), asked('olivia'), people)).toEqual(['security'])
    expect(outOfReach(anyQuestion(), asked('both'), people)).toHaveLength(1)
    expect(outOfReach(anyQuestion(), [], people)).toEqual(['service-owner', 'security'])
  })
})

describe('11.5 who can still answer', () => {
  const asked = ['olivia', 'sven', 'sven2', 'otto', 'gone'].map((id) => anyAsked(id))

  it('is everybody who is asked and holds a role of it', () => {
    expect(ids(unanswered(anyQuestion({ asked }), people))).toEqual(['olivia', 'sven', 'sven2'])
  })

  it('is no longer who answered, under any entry, nor who handed it over', () => {
    expect(ids(unanswered(anyQuestion({ asked, answers: [anyAnswer('sven2', 'refuse')] }), people))).toEqual(['olivia'])
    const over = asked.map((one) => (one.personId === 'olivia' ? { ...one, delegatedTo: 'otto' } : one))
    expect(ids(unanswered(anyQuestion({ asked: over }), people))).toEqual(['sven', 'sven2'])
  })
})

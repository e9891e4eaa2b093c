import { describe, expect, it } from 'vitest'
import { type CastAnswer, castAnswer, choiceOf, refusalOf, wrongCodesMax } from '../../../functions/people/casting.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import { anyPerson } from './any-people.ts'
import { anyAnswer, anyAsked, anyQuestion, subjectHash } from './quorum-question.ts'

const at = '2026-01-01T02:00:00.000Z'
const people = peopleOf([
  anyPerson('olivia'),
  anyPerson('sven', { roles: ['security'] }),
  anyPerson('otto', { roles: ['operations'] }),
])
const anyCast = (cast: Partial<CastAnswer> = {}): CastAnswer => ({
  personId: 'olivia',
  subjectHash,
  choice: 'agree',
  comment: 'fine',
  proof: 'code',
  at,
  ...cast,
})
const asked = (olivia: Parameters<typeof anyAsked>[1]) => ({ asked: [anyAsked('olivia', olivia), anyAsked('sven')] })

/** Every guard, in the order in which people are told of them; each row breaks this rule and every rule after it. */
const broken = [
  ['already-answered', { answers: [anyAnswer('olivia')] }, {}],
  ['deadline-passed', { outcome: 'expired' }, {}],
  ['question-closed', { outcome: 'agreed' }, {}],
  ['subject-changed', {}, { subjectHash: 'd'.repeat(64) }],
  ['excluded', { excluded: [{ who: 'olivia', because: 'own-request' }] }, {}],
  ['delegated', asked({ delegatedTo: 'sven', wrongCodes: wrongCodesMax }), {}],
  ['other-session', {}, { proof: 'other-session' }],
] as const

describe('11.5 why an answer does not count', () => {
  it.each(broken.map(([refused], index) => [refused, index] as const))(
    '%s comes before every reason after it',
    (refused, index) => {
      const rest = broken.slice(index)
      const question = anyQuestion(Object.assign({}, ...rest.map(([, one]) => one).toReversed()))
      const cast = anyCast(Object.assign({}, ...rest.map(([, , one]) => one).toReversed()))
      expect(refusalOf(question, cast, people)).toMatchObject({ refused })
    },
  )

  it('an own earlier answer is told of, however the question ended', () => {
    const question = anyQuestion({ answers: [anyAnswer('sven'), anyAnswer('olivia', 'refuse')], outcome: 'expired' })
    expect(castAnswer(question, anyCast(), people)).toEqual({
      refused: 'already-answered',
      earlier: anyAnswer('olivia', 'refuse'),
    })
  })

  it('F14 the deadline itself is too late for a question that is open, and a millisecond before is in time', () => {
    const deadlineAt = '2026-01-02T00:00:00.000Z'
    expect(refusalOf(anyQuestion({ deadlineAt }), anyCast({ at: deadlineAt }), people)).toEqual({
      refused: 'deadline-passed',
    })
    expect(refusalOf(anyQuestion({ deadlineAt }), anyCast({ at: '2026-01-01T23:59:59.999Z' }), people)).toBeUndefined()
    expect(refusalOf(anyQuestion({ deadlineAt, outcome: 'agreed' }), anyCast({ at: deadlineAt }), people)).toEqual({
      refused: 'question-closed',
    })
  })

  it('B29 someone who is excluded is told the reason', () => {
    const question = anyQuestion({ excluded: [{ who: 'olivia', because: 'own-request' }] })
    expect(refusalOf(question, anyCast(), people)).toEqual({ refused: 'excluded', exclusion: 'own-request' })
  })

  it.each([
    ['has no place in it', anyQuestion(), 'otto'],
    ['holds none of its roles now', anyQuestion({ asked: [anyAsked('otto')] }), 'otto'],
    ['left the catalogue', anyQuestion({ asked: [anyAsked('gone')] }), 'gone'],
  ])('nobody is asked who %s', (_, question, personId) => {
    expect(refusalOf(question, anyCast({ personId }), people)).toEqual({ refused: 'not-asked' })
  })

  it('whoever handed it over can no longer answer', () => {
    expect(refusalOf(anyQuestion(asked({ delegatedTo: 'sven' })), anyCast(), people)).toEqual({ refused: 'delegated' })
  })

  it('B28 the session of someone else proves nothing, and is no wrong code', () => {
    expect(refusalOf(anyQuestion(), anyCast({ proof: 'other-session' }), people)).toEqual({ refused: 'other-session' })
    const locked = anyQuestion(asked({ wrongCodes: wrongCodesMax }))
    expect(refusalOf(locked, anyCast({ proof: 'other-session' }), people)).toEqual({ refused: 'other-session' })
  })

  it('B35 a lock stands at five wrong codes, for right and wrong ones alike, and not for a session', () => {
    const question = anyQuestion(asked({ wrongCodes: 5 }))
    expect(castAnswer(question, anyCast(), people)).toEqual({ refused: 'locked' })
    expect(castAnswer(question, anyCast({ proof: 'wrong-code' }), people)).toEqual({ refused: 'locked' })
    expect(refusalOf(question, anyCast({ proof: 'session' }), people)).toBeUndefined()
    expect(refusalOf(anyQuestion(asked({ wrongCodes: 4 })), anyCast(), people)).toBeUndefined()
  })

  it('B35 a wrong code is counted for that person alone, and the fifth locks with its instant', () => {
    const wrong = anyCast({ proof: 'wrong-code' })
    expect(castAnswer(anyQuestion(asked({ wrongCodes: 3 })), wrong, people)).toEqual({
      refused: 'wrong-code',
      question: anyQuestion(asked({ wrongCodes: 4 })),
    })
    expect(castAnswer(anyQuestion(asked({ wrongCodes: 4 })), wrong, people)).toEqual({
      refused: 'wrong-code',
      question: anyQuestion(asked({ wrongCodes: 5, lockedAt: at })),
    })
  })
})

describe('11.5 an answer that counts', () => {
  it.each(['code', 'session'] as const)('says by which proof it was given: %s', (proof) => {
    expect(castAnswer(anyQuestion(), anyCast({ proof }), people)).toEqual({
      question: anyQuestion({
        answers: [{ personId: 'olivia', choice: 'agree', comment: 'fine', at, via: proof }],
      }),
    })
  })

  it('keeps what the purpose asked besides', () => {
    expect(castAnswer(anyQuestion(), anyCast({ details: '{"hours":3}' }), people)).toMatchObject({
      question: { answers: [{ details: '{"hours":3}' }] },
    })
    const plain = castAnswer(anyQuestion(), anyCast(), people).question?.answers[0]
    expect(plain).toMatchObject({ personId: 'olivia' })
    expect(plain).not.toHaveProperty('details')
  })

  it('ends the question when it is the last of the roles, with its instant', () => {
    const result = castAnswer(anyQuestion({ answers: [anyAnswer('sven')] }), anyCast(), people)
    expect(result).toMatchObject({ question: { outcome: 'agreed', decidedAt: at } })
    expect(result.question?.answers.map(({ personId }) => personId)).toEqual(['sven', 'olivia'])
  })

  it('I5 ends the question at once when its choice is final', () => {
    expect(castAnswer(anyQuestion(), anyCast({ choice: 'refuse' }), people)).toMatchObject({
      question: { outcome: 'refused', decidedAt: at },
    })
  })

  it('leaves the question open when its choice is not offered', () => {
    const question = anyQuestion({ answers: [anyAnswer('olivia')] })
    const result = castAnswer(question, anyCast({ personId: 'sven', choice: 'perhaps' }), people)
    expect(result).toMatchObject({ question: { outcome: 'open' } })
    expect(result.question).not.toHaveProperty('decidedAt')
  })
})

describe('11.5 the choice of a name', () => {
  it('is the one that the question offers, or none', () => {
    expect(choiceOf(anyQuestion(), 'refuse')).toEqual({ choice: 'refuse', outcome: 'refused', isFinal: true })
    expect(choiceOf(anyQuestion(), 'perhaps')).toBeUndefined()
  })
})

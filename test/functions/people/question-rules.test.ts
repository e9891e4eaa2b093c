import { describe, expect, it } from 'vitest'
import { keys, lists } from '../../../functions/kit/keys.ts'
import {
  Answer,
  AskedPerson,
  askedOf,
  Choice,
  dueAt,
  isUnmailed,
  mailFailuresMax,
  Question,
  QuestionRecord,
  questionMove,
  unasked,
  withAsked,
} from '../../../functions/people/question.ts'
import { anyAnswer, anyAsked, anyQuestion } from './quorum-question.ts'

const mailedAt = '2026-01-01T00:00:01.000Z'
const [remindAt, escalateAt, deadlineAt] = [
  '2026-01-01T06:00:00.000Z',
  '2026-01-01T12:00:00.000Z',
  '2026-01-02T00:00:00.000Z',
]
/** Everybody has their mail. */
const mailed = (question: Partial<Question> = {}) =>
  anyQuestion({ asked: ['olivia', 'sven'].map((id) => anyAsked(id, { mailedAt })), ...question })

describe('11.5 when something is due on a question', () => {
  it.each([
    ['the reminder first', { remindAt, escalateAt }, remindAt],
    ['the escalation where it comes before the reminder', { remindAt: escalateAt, escalateAt: remindAt }, remindAt],
    ['the escalation once everybody was reminded', { remindAt, escalateAt, isReminded: true }, escalateAt],
    ['the reminder though others were asked already', { remindAt, escalateAt, isEscalated: true }, remindAt],
    ['the deadline after both', { remindAt, escalateAt, isReminded: true, isEscalated: true }, deadlineAt],
    ['the deadline where there is neither', {}, deadlineAt],
    ['the deadline where it comes before the reminder', { remindAt: '2026-01-03T00:00:00.000Z' }, deadlineAt],
  ])('%s', (_, question, expected) => {
    expect(dueAt(mailed(question))).toBe(expected)
  })

  it('a mail that did not go is due at once', () => {
    const asked = [anyAsked('olivia', { mailedAt }), anyAsked('sven')]
    expect(dueAt(mailed({ asked, remindAt }))).toBe('2026-01-01T00:00:00.000Z')
  })

  it.each([
    ['nothing went so far', {}, true],
    ['it went', { mailedAt }, false],
    ['the question was handed over', { delegatedTo: 'sven' }, false],
    ['it failed, but not often enough', { mailFailures: mailFailuresMax - 1 }, true],
    ['F43 it failed three times in a row', { mailFailures: 3 }, false],
  ])('someone is to get a mail: %s', (_, asked, expected) => {
    expect(isUnmailed(anyAsked('olivia', asked))).toBe(expected)
  })
})

describe('11.5 how a question is written', () => {
  const key = keys.question('window', 'web')
  const list = { pk: lists.dueQuestions, sk: `${remindAt}#window#web` }

  it('listed by when it is due while it is open', () => {
    const question = mailed({ remindAt })
    expect(questionMove(undefined, question)).toEqual({ kind: 'question', key, from: 0, value: question, list })
    expect(QuestionRecord.kind).toBe('question')
  })

  it('over the version that was read', () => {
    const question = mailed({ remindAt })
    expect(questionMove({ key, version: 4, value: question }, question).from).toBe(4)
  })

  it.each([
    ['it ended', { outcome: 'agreed' }],
    ['a state machine waits for it', { taskToken: 'token' }],
    ['both', { outcome: 'agreed', taskToken: 'token' }],
  ])('listed no longer once %s', (_, question) => {
    expect(questionMove(undefined, mailed(question))).not.toHaveProperty('list')
  })
})

describe('11.5 the people of a question', () => {
  it('are found by their id, and nobody else is', () => {
    expect(askedOf(anyQuestion(), 'sven')).toEqual(anyAsked('sven'))
    expect(askedOf(anyQuestion(), 'mallory')).toBeUndefined()
  })

  it('are replaced one at a time, in their place', () => {
    const changed = anyAsked('sven', { wrongCodes: 2 })
    expect(withAsked(anyQuestion(), changed)).toEqual(anyQuestion({ asked: [anyAsked('olivia'), changed] }))
  })

  it('have no link, no secret and no wrong code when they are new', () => {
    expect(unasked('sven')).toEqual({
      personId: 'sven',
      linkId: '',
      secretDigest: '',
      codeDigest: '',
      wrongCodes: 0,
      isEscalation: false,
    })
    expect(unasked('sven', { isEscalation: true })).toEqual({ ...unasked('sven'), isEscalation: true })
  })
})

describe('11.5 the record of a question', () => {
  const asked = anyAsked('eddie', {
    linkId: 'l1',
    secretDigest: 's',
    codeDigest: 'c',
    wrongCodes: 5,
    lockedAt: mailedAt,
    mailedAt,
    remindedAt: mailedAt,
    mailFailures: 1,
    isEscalation: true,
    standsInFor: ['security'],
    delegatedBy: 'olivia',
    delegatedTo: 'sven',
  })
  const answer: Answer = { ...anyAnswer('sven'), details: '{"hours":3}' }
  const full = anyQuestion({
    changeId: '01J00000000000000000000001',
    excluded: [{ who: 'rita', because: 'own-request' }],
    remindAt,
    escalateAt,
    asked: [asked],
    answers: [answer],
    outcome: 'agreed',
    decidedAt: deadlineAt,
    taskToken: 'token',
    migratedFrom: '{}',
  })

  it('is read back as it was written, with everything that it may hold', () => {
    expect(Question.parse(full)).toEqual(full)
    expect(Question.parse(anyQuestion())).toEqual(anyQuestion())
    expect(AskedPerson.parse(asked)).toEqual(asked)
    expect(Answer.parse(answer)).toEqual(answer)
  })

  it.each<[string, object]>([
    ['no choice', { choices: [] }],
    ['no role', { roles: [] }],
    ['a purpose that is no name', { purpose: 'a b' }],
    ['a key that nobody knows', { color: 'red' }],
    ['half a wrong code', { asked: [anyAsked('olivia', { wrongCodes: 0.5 })] }],
    ['a person with a key that nobody knows', { asked: [{ ...anyAsked('olivia'), color: 'red' }] }],
    ['a way to answer that nobody knows', { answers: [{ ...anyAnswer('sven'), via: 'phone' }] }],
    ['a comment over 2,000 characters', { answers: [{ ...anyAnswer('sven'), comment: 'a'.repeat(2_001) }] }],
    ['details over 8,000 characters', { answers: [{ ...anyAnswer('sven'), details: 'a'.repeat(8_001) }] }],
    ['an answer with a key that nobody knows', { answers: [{ ...anyAnswer('sven'), color: 'red' }] }],
    ['an exclusion without a reason', { excluded: [{ who: 'rita' }] }],
    ['an exclusion with a key that nobody knows', { excluded: [{ who: 'rita', because: 'own', color: 'red' }] }],
  ])('is refused with %s', (_, more) => {
    expect(Question.safeParse({ ...full, ...more }).success).toBe(false)
  })

  it.each([
    ['a session', { via: 'session' }],
    ['a code', { via: 'code' }],
    ['the longest comment', { comment: 'a'.repeat(2_000) }],
    ['the longest details', { details: 'a'.repeat(8_000) }],
  ])('takes an answer with %s', (_, more) => {
    expect(Answer.safeParse({ ...answer, ...more }).success).toBe(true)
  })

  it('takes several choices and roles', () => {
    expect(Question.parse(full)).toMatchObject({ roles: ['service-owner', 'security'] })
    expect(Choice.safeParse({ choice: 'agree', outcome: 'agreed', isFinal: true, color: 'red' }).success).toBe(false)
    expect(Choice.safeParse({ choice: 'agree', outcome: 'agreed' }).success).toBe(false)
  })
})

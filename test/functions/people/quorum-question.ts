/** A question as most tests of its rules need it: no purpose of any room. */
import type { AskedPerson, Question } from '../../../functions/people/question.ts'

export const subjectHash = 'c'.repeat(64)

export const anyAsked = (personId: string, asked: Partial<AskedPerson> = {}): AskedPerson => ({
  personId,
  linkId: '',
  secretDigest: '',
  codeDigest: '',
  wrongCodes: 0,
  isEscalation: false,
  ...asked,
})

/** Put to olivia (owner) and sven (security), open for a day. */
export const anyQuestion = (question: Partial<Question> = {}): Question => ({
  purpose: 'window',
  subject: 'web',
  subjectHash,
  choices: [
    { choice: 'agree', outcome: 'agreed', isFinal: false },
    { choice: 'refuse', outcome: 'refused', isFinal: true },
  ],
  roles: ['service-owner', 'security'],
  excluded: [],
  mayDelegate: true,
  openedAt: '2026-01-01T00:00:00.000Z',
  escalateTo: 'executive',
  deadlineAt: '2026-01-02T00:00:00.000Z',
  isReminded: false,
  isEscalated: false,
  asked: [anyAsked('olivia'), anyAsked('sven')],
  answers: [],
  outcome: 'open',
  ...question,
})

/** What someone answered by code. */
export const anyAnswer = (personId: string, choice = 'agree'): Question['answers'][number] => ({
  personId,
  choice,
  comment: '',
  at: '2026-01-01T01:00:00.000Z',
  via: 'code',
})

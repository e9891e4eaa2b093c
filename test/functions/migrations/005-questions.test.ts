import { describe, expect, it } from 'vitest'
import { questions } from '../../../functions/migrations/005-questions.ts'
import { anyItem } from './any-item.ts'

const approver = (personId: string) => ({
  personId,
  name: 'Olivia',
  email: 'o@example.com',
  channel: 'email',
  roles: ['service-owner'],
  sameAs: [],
})
const ballot = anyItem(
  'ballot',
  {
    changeId: 'C1',
    planHash: 'h',
    requester: 'rita',
    rollbackAuthor: 'otto',
    approvers: [{ ...approver('olivia'), linkId: 'l' }],
    votes: [{ personId: 'olivia', choice: 'approve' }],
    outcome: 'open',
  },
  { key: { pk: 'CHANGE#C1', sk: 'BALLOT' } },
)
const [question = ballot] = questions.up(ballot)

describe('005-questions', () => {
  it('makes a ballot a question of approval under its own key, without what was copied of people', () => {
    expect(question).toMatchObject({
      kind: 'question',
      key: { pk: 'QUESTION#approval#C1' },
      value: {
        purpose: 'approval',
        subject: 'C1',
        subjectHash: 'h',
        asked: [{ personId: 'olivia', linkId: 'l' }],
        answers: [{ personId: 'olivia', choice: 'approve' }],
        outcome: 'open',
      },
    })
    expect(question.value).not.toHaveProperty('asked.0.email')
  })

  it('excludes the requester and the author of the rollback, each for their own reason', () => {
    expect(question.value).toMatchObject({
      excluded: [
        { who: 'rita', because: 'own-request' },
        { who: 'otto', because: 'rollback-author' },
      ],
    })
  })

  it('gives the ballot back with what was copied', () => {
    expect(questions.down(question)).toEqual([ballot])
  })

  it('gives someone who was asked later no role in the ballot', () => {
    const later = anyItem('question', {
      purpose: 'approval',
      subject: 'C1',
      excluded: [],
      asked: [{ personId: 'new' }],
    })
    expect(questions.down(later)[0]?.value).toMatchObject({ approvers: [{ personId: 'new', email: '', roles: [] }] })
  })

  it('leads a link to the question, and back; one without a digest can match no secret', () => {
    const link = anyItem('approval-link', { changeId: 'C1', planHash: 'h', personId: 'olivia' })
    const [moved = link] = questions.up(link)
    expect(moved).toMatchObject({ kind: 'question-link', value: { subject: 'C1', secretDigest: '0'.repeat(64) } })
    expect(questions.down(moved)).toEqual([link])
  })

  it.each(['question', 'question-link'])(
    'leaves a %s of another purpose alone, which no older Drydock knows',
    (kind) => {
      const item = anyItem(kind, { purpose: 'spot-check' })
      expect([questions.down(item), questions.up(item)]).toEqual([[item], [item]])
    },
  )
})

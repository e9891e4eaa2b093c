import { describe, expect, it } from 'vitest'
import { answerOf, refusal } from '../../../functions/console/answers.ts'

const contact = 'Chloe'
const earlier = {
  personId: 'olivia',
  choice: 'approve',
  comment: '',
  at: '2026-01-01T00:10:00.000Z',
  via: 'code',
} as const
const recorded = (outcome: string, asker: 'answered' | 'late' | 'unanswered' = 'answered') =>
  answerOf({ kind: 'recorded', choice: 'approve', outcome, asker }, contact)

describe('2.2 answerOf', () => {
  it('says whether a vote decided the change or others are waited for', () => {
    expect(recorded('open').text).toMatch(/is waiting for the other approvers/)
    expect(recorded('approved')).toMatchObject({
      status: 200,
      text: expect.stringMatching(/is approved: this vote decided it/),
    })
  })

  it('says that the pipeline did not hear of it, and never that the vote is lost', () => {
    for (const asker of ['late', 'unanswered'] as const)
      expect(recorded('approved', asker).text).toMatch(/is recorded\..*within minutes/)
  })

  it('takes a second click on the same for no fault, and one on the other for a conflict', () => {
    const again = (isSame: boolean) => answerOf({ kind: 'already', earlier, isSame }, contact)
    expect([again(true).status, again(false).status]).toEqual([200, 409])
    expect(again(false).text).toContain('The first vote stands')
  })
})

describe('2.2 refusal', () => {
  it.each([
    ['unknown-link', 404],
    ['newer-mail', 410],
    ['superseded', 410],
    ['withdrawn', 410],
    ['deadline-passed', 410],
    ['already-answered', 409],
    ['unreadable-answer', 400],
    ['not-asked', 403],
    ['other-session', 403],
    ['wrong-code', 401],
    ['locked', 423],
    ['question-closed', 409],
    ['excluded', 403],
  ] as const)('answers %s with %i', (because, status) => {
    expect(refusal({ because }, contact).status).toBe(status)
  })

  it('tells how many tries are left, and locks with the last', () => {
    const wrong = (triesLeft: number) => refusal({ because: 'wrong-code', triesLeft }, contact)
    expect(wrong(2)).toMatchObject({ status: 401, text: expect.stringContaining('Tries left: 2') })
    expect(wrong(0)).toMatchObject({ status: 423, text: expect.stringContaining('Ask Chloe') })
  })

  it('tells the excluded why', () => {
    const excluded = (exclusion?: string) =>
      refusal({ because: 'excluded', ...(exclusion === undefined ? {} : { exclusion }) }, contact).text
    expect(excluded('own-request')).toMatch(/You requested this change/)
    expect(excluded('rollback-author')).toMatch(/You wrote the rollback plan/)
    expect(excluded()).toMatch(/You are not allowed to answer this/)
  })

  it('tells who came too late how it ended, as far as it is known', () => {
    const ending = { outcome: 'rejected', by: 'Sven', at: '2026-01-01T00:10:00.000Z' }
    expect(refusal({ because: 'question-closed', ending }, contact).text).toMatch(
      /rejected by Sven at 2026-01-01.*not recorded/,
    )
    expect(refusal({ because: 'question-closed' }, contact).text).toMatch(/it is closed/)
  })
})

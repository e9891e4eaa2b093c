import { describe, expect, it } from 'vitest'
import { endingOf } from '../../../functions/people/ending.ts'
import { anyPeople, anyQuestion } from './any-question.ts'

const answer = (personId: string, choice: string) => ({
  personId,
  choice,
  comment: '',
  at: '2026-01-01T00:10:00.000Z',
  via: 'code' as const,
})

describe('2.1 endingOf', () => {
  it('names whose answer ended the question, and when', () => {
    const question = anyQuestion({
      answers: [answer('chloe', 'well'), answer('stella', 'ill')],
      outcome: 'failed',
      decidedAt: '2026-01-01T00:10:00.000Z',
    })
    expect(endingOf(question, anyPeople)).toEqual({ outcome: 'failed', by: 'stella', at: '2026-01-01T00:10:00.000Z' })
  })

  it('names nobody where the last answer led elsewhere', () => {
    const question = anyQuestion({ answers: [answer('stella', 'well')], outcome: 'expired' })
    expect(endingOf(question, anyPeople)).toEqual({ outcome: 'expired' })
  })

  it('names the id of someone who left the catalogue', () => {
    const question = anyQuestion({ answers: [answer('gone', 'ill')], outcome: 'failed' })
    expect(endingOf(question, anyPeople).by).toBe('gone')
  })

  it('names nobody without an answer', () => {
    expect(endingOf(anyQuestion({ outcome: 'withdrawn' }), anyPeople)).toEqual({ outcome: 'withdrawn' })
  })
})

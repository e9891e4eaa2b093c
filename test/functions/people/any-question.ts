/** Questions of the spot check as values, for rules that need no ledger. */
import { openQuestion } from '../../../functions/people/asking.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import type { Question } from '../../../functions/people/question.ts'
import { hostId, spotCheckOf, stewards } from './spot-check.ts'

export const anyPeople = peopleOf(stewards)

export function anyQuestion(question: Partial<Question> = {}): Question {
  const opened = openQuestion(spotCheckOf(hostId, 'c'.repeat(64)), anyPeople, '2026-01-01T00:00:00.000Z')
  if ('missing' in opened) throw new Error(opened.missing.join())
  return { ...opened, ...question }
}

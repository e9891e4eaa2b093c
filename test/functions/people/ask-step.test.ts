import { describe, expect, it } from 'vitest'
import type { Person } from '../../../functions/catalogue/catalogue.ts'
import { nextAskStep } from '../../../functions/people/ask-step.ts'
import { delegated, openQuestion } from '../../../functions/people/asking.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import { askedOf, mailFailuresMax, withAsked } from '../../../functions/people/question.ts'

const at = '2026-03-02T10:00:00.000Z'
const person = (id: string, roles: Person['roles']): Person => ({
  id,
  name: id,
  email: `${id}@example.com`,
  aliases: [],
  channel: 'email',
  roles,
})
const people = peopleOf([person('olivia', ['service-owner']), person('dora', []), person('eva', ['change-manager'])])

describe('11.5 a question that was handed over', () => {
  it('is escalated at once when its delegate is out of reach, for whoever handed it over cannot answer', () => {
    const spec = {
      purpose: 'spot-check',
      subject: 's',
      subjectHash: 'h',
      choices: [{ choice: 'yes', outcome: 'yes', isFinal: false }],
      roles: ['service-owner'],
      excluded: [],
      mayDelegate: true,
      escalateAfterSeconds: 3_600,
      escalateTo: 'change-manager',
      deadlineSeconds: 86_400,
    }
    const opened = openQuestion(spec, people, at)
    if ('missing' in opened) throw new Error('nobody to ask')
    const handed = delegated(opened, 'olivia', 'dora', people)
    if ('refused' in handed) throw new Error(handed.refused)
    expect(nextAskStep(handed.question, people, at).step).toBe('ask')
    const delegate = askedOf(handed.question, 'dora')
    if (!delegate) throw new Error('nobody to answer')
    const silent = withAsked(handed.question, { ...delegate, mailFailures: mailFailuresMax })
    expect(nextAskStep(silent, people, at).step).toBe('escalate')
  })
})

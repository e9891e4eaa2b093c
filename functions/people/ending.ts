/** Who ended a question, how and when, for those who answer too late. */

import { choiceOf } from './casting.ts'
import type { People } from './people.ts'
import type { Question } from './question.ts'

/** How a question ended; `at` is an ISO 8601 UTC instant. */
export interface Ending {
  readonly outcome: string
  /** The current name in the catalogue, or the id. */
  readonly by?: string
  readonly at?: string
}

/** The person whose answer ended a question, if one did: the last. */
export function endingOf(question: Question, people: People): Ending {
  const { outcome, answers, decidedAt } = question
  const last = answers.at(-1)
  const isByAnswer = last !== undefined && choiceOf(question, last.choice)?.outcome === outcome
  const name = isByAnswer ? people.nameOf(last.personId) : undefined
  return { outcome, ...(name ? { by: name } : {}), ...(decidedAt ? { at: decidedAt } : {}) }
}

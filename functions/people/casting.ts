/** Casts one answer to a question, with guards in the order in which people are told about them. */
import { exclusionOf, givableRoles, hasQuorum } from './counting.ts'
import type { People } from './people.ts'
import { type Answer, type AskedPerson, askedOf, type Choice, type Question, withAsked } from './question.ts'

/** Why an answer does not count, in the order of the checks. */
export type AnswerRefusal =
  | 'already-answered'
  | 'deadline-passed'
  | 'question-closed'
  | 'subject-changed'
  | 'excluded'
  | 'not-asked'
  | 'delegated'
  | 'other-session'
  | 'locked'
  | 'wrong-code'

/** Whether the code was right, or whether a session proves the person, or someone else. */
export type Proof = 'code' | 'session' | 'wrong-code' | 'other-session'

/** An answer whose proof was checked. */
export interface CastAnswer {
  readonly personId: string
  /** The hash that the subject has now. */
  readonly subjectHash: string | undefined
  readonly choice: string
  readonly comment: string
  readonly details?: string
  readonly proof: Proof
  /** ISO 8601 UTC instant. */
  readonly at: string
}

/** Why it does not count, with further facts for the person. */
export interface AnswerRefused {
  readonly refused: AnswerRefusal
  /** With `excluded`: the reason recorded with the name. */
  readonly exclusion?: string
  /** The question with a wrong code counted. */
  readonly question?: Question
  readonly earlier?: Answer
}

/** The question with the answer in it, or the refusal. */
export type CastResult = { readonly question: Question } | AnswerRefused

/** Wrong codes after which a link is locked. */
export const wrongCodesMax = 5

/** The choice of this name; undefined if the question does not offer it. */
export const choiceOf = ({ choices }: Pick<Question, 'choices'>, name: string): Choice | undefined =>
  choices.find(({ choice }) => choice === name)

/**
 * Casts one answer. The first decision that ends the question stands.
 *
 * A person's own earlier answer is checked first, so that a second click is told what was recorded, however the
 * question ended.
 */
export function castAnswer(question: Question, cast: CastAnswer, people: People): CastResult {
  const admitted = admit(question, cast, people)
  if ('refused' in admitted) return admitted
  const { personId, choice, comment, details, at } = cast
  const answer = { personId, choice, comment, ...(details === undefined ? {} : { details }), at, ...admitted }
  return { question: withAnswer(question, answer, people) }
}

/** The guards alone: why this person's proof is not accepted, for an answer or a delegation. */
export function refusalOf(question: Question, cast: CastAnswer, people: People): AnswerRefused | undefined {
  const admitted = admit(question, cast, people)
  return 'refused' in admitted ? admitted : undefined
}

/** The guards, and what is left when all are passed: how the person was proved. */
function admit(question: Question, cast: CastAnswer, people: People): AnswerRefused | Pick<Answer, 'via'> {
  const { personId, subjectHash, proof, at } = cast
  const human = people.humanOf(personId)
  const earlier = question.answers.find((answer) => people.humanOf(answer.personId) === human)
  if (earlier) return { refused: 'already-answered', earlier }
  // Checked here and never left to a TTL: DynamoDB may keep an expired item for days.
  if (question.outcome === 'expired' || (question.outcome === 'open' && at >= question.deadlineAt))
    return { refused: 'deadline-passed' }
  if (question.outcome !== 'open') return { refused: 'question-closed' }
  if (subjectHash !== question.subjectHash) return { refused: 'subject-changed' }
  const exclusion = exclusionOf(question, personId, people)
  if (exclusion !== undefined) return { refused: 'excluded', exclusion }
  const asked = askedOf(question, personId)
  if (!asked || givableRoles(question, asked, people).length === 0) return { refused: 'not-asked' }
  if (asked.delegatedTo !== undefined) return { refused: 'delegated' }
  if (proof === 'other-session') return { refused: 'other-session' }
  if (proof !== 'session' && asked.wrongCodes >= wrongCodesMax) return { refused: 'locked' }
  if (proof === 'wrong-code') return { refused: 'wrong-code', question: countWrongCode(question, asked, at) }
  return { via: proof }
}

function countWrongCode(question: Question, asked: AskedPerson, at: string): Question {
  const wrongCodes = asked.wrongCodes + 1
  return withAsked(question, { ...asked, wrongCodes, ...(wrongCodes >= wrongCodesMax ? { lockedAt: at } : {}) })
}

function withAnswer(question: Question, answer: Answer, people: People): Question {
  const answered: Question = { ...question, answers: [...question.answers, answer] }
  const choice = choiceOf(question, answer.choice)
  if (!choice) return answered
  const isEnded = choice.isFinal || hasQuorum(answered, people)
  return isEnded ? { ...answered, outcome: choice.outcome, decidedAt: answer.at } : answered
}

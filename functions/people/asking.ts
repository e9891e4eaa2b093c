/** Who is asked: when a question opens, on escalation, and on delegation. */
import { DrydockError } from '../kit/errors.ts'
import { instantAfter } from '../kit/time.ts'
import { exclusionOf, givableRoles, missingRoles, outOfReach } from './counting.ts'
import type { People } from './people.ts'
import { type AskedPerson, askedOf, type Question, unasked, withAsked } from './question.ts'

/** A question before anyone is asked: everything that the asker decides. */
export interface QuestionSpec
  extends Pick<Question, 'purpose' | 'subject' | 'subjectHash' | 'choices' | 'roles' | 'excluded' | 'mayDelegate'> {
  /** The change that evidence names. */
  readonly changeId?: string
  readonly remindAfterSeconds?: number
  readonly escalateAfterSeconds?: number
  readonly escalateTo?: string
  readonly deadlineSeconds: number
}

/** Roles of a question that nobody is left to give, and those that nobody holds at all. */
export interface Unanswerable {
  readonly missing: readonly string[]
  readonly unheld: readonly string[]
}

/**
 * A new question to everyone in the catalogue with one of its roles who is not excluded, or the roles that nobody can
 * give.
 *
 * @throws DrydockError DD1707 when several roles are required and more than one choice counts toward them, because the
 * winner would be undefined.
 */
export function openQuestion(spec: QuestionSpec, people: People, at: string): Question | Unanswerable {
  const { remindAfterSeconds, escalateAfterSeconds, escalateTo, deadlineSeconds, changeId, ...rest } = spec
  if (spec.roles.length > 1 && spec.choices.filter(({ isFinal }) => !isFinal).length > 1)
    throw new DrydockError(
      'DD1707',
      `${spec.purpose} requires several roles but has more than one choice that counts toward them`,
    )
  const after = (seconds: number) => instantAfter(at, seconds * 1000)
  const question: Question = {
    ...rest,
    ...(changeId === undefined ? {} : { changeId }),
    openedAt: at,
    ...(remindAfterSeconds === undefined ? {} : { remindAt: after(remindAfterSeconds) }),
    ...(escalateAfterSeconds === undefined ? {} : { escalateAt: after(escalateAfterSeconds) }),
    ...(escalateTo === undefined ? {} : { escalateTo }),
    deadlineAt: after(deadlineSeconds),
    isReminded: false,
    isEscalated: false,
    asked: [],
    answers: [],
    outcome: 'open',
  }
  const asked = people.all.map(({ id }) => unasked(id)).filter((one) => givableRoles(question, one, people).length > 0)
  const missing = outOfReach(question, asked, people)
  if (missing.length === 0) return { ...question, asked }
  const held = asked.flatMap((one) => givableRoles(question, one, people))
  return { missing, unheld: missing.filter((role) => !held.includes(role)) }
}

/** Adds those who may stand in for roles still missing; some may already have been asked for a role of their own. */
export function escalated(question: Question, people: People): Question {
  const standsInFor = [...new Set(missingRoles(question, people))]
  const standIns = people.all.filter(
    ({ id, roles }) =>
      roles.some((role) => role === question.escalateTo) && exclusionOf(question, id, people) === undefined,
  )
  const isStandIn = new Set(standIns.map(({ id }) => id))
  const known = new Set(question.asked.map(({ personId }) => personId))
  const asked = question.asked.map((one): AskedPerson => {
    if (!isStandIn.has(one.personId)) return one
    // Asked again: their earlier mail does not name the roles they may give now.
    const { mailedAt, ...rest } = one
    return { ...rest, standsInFor }
  })
  const added = standIns
    .filter(({ id }) => !known.has(id))
    .map(({ id }) => unasked(id, { isEscalation: true, standsInFor }))
  return { ...question, isEscalated: true, asked: [...asked, ...added] }
}

/** Why a question cannot be handed over to someone. */
export type DelegationRefusal = 'may-not-delegate' | 'unknown-delegate' | 'excluded-delegate' | 'asked-already'

/**
 * Hands a question over: the delegate is asked and gives the roles of the delegator, who can no longer answer.
 *
 * The guards of the delegator's own answer come first; see `refusalOf`.
 */
export function delegated(
  question: Question,
  fromId: string,
  toId: string,
  people: People,
): { readonly question: Question } | { readonly refused: DelegationRefusal } {
  const from = askedOf(question, fromId)
  if (!question.mayDelegate || !from) return { refused: 'may-not-delegate' }
  if (!people.person(toId)) return { refused: 'unknown-delegate' }
  if (exclusionOf(question, toId, people) !== undefined) return { refused: 'excluded-delegate' }
  const human = people.humanOf(toId)
  if (question.asked.some(({ personId }) => people.humanOf(personId) === human)) return { refused: 'asked-already' }
  const handed = withAsked(question, { ...from, delegatedTo: toId })
  return { question: { ...handed, asked: [...handed.asked, unasked(toId, { delegatedBy: fromId })] } }
}

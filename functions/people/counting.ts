/** Whose answers count, for which roles, by the catalogue's current people, at every answer and gate. */
import type { People } from './people.ts'
import { roleOfPerson } from './person-role.ts'
import type { AskedPerson, Question } from './question.ts'
import { assignRoles, type RoleHolder, unmetRoles } from './quorum.ts'

/** Why this person may not answer, if excluded under any entry or address (B29, B30). */
export function exclusionOf(
  { excluded }: Pick<Question, 'excluded'>,
  personId: string,
  people: People,
): string | undefined {
  return excluded.find(({ who }) => people.isSame(who, personId))?.because
}

/** All roles that someone holds now for a question; none once they have left the catalogue. */
export function rolesNow(question: Question, asked: AskedPerson, people: People): readonly string[] {
  const person = people.person(asked.personId)
  if (!person) return []
  const mayStandIn = person.roles.some((role) => role === question.escalateTo)
  const delegator = question.asked.find(({ personId }) => personId === asked.delegatedBy)
  return [
    ...person.roles,
    roleOfPerson(person.id),
    ...(mayStandIn ? (asked.standsInFor ?? []) : []),
    ...(delegator && exclusionOf(question, delegator.personId, people) === undefined
      ? rolesNow(question, delegator, people)
      : []),
  ]
}

/** The roles of the question that someone may give now; none for the excluded. */
export function givableRoles(question: Question, asked: AskedPerson, people: People): readonly string[] {
  if (exclusionOf(question, asked.personId, people) !== undefined) return []
  const held = rolesNow(question, asked, people)
  return question.roles.filter((role) => held.includes(role))
}

/** The roles that someone who is asked may give to the quorum. */
export const roleHolder = (question: Question, asked: AskedPerson, people: People): RoleHolder => ({
  human: people.humanOf(asked.personId),
  roles: givableRoles(question, asked, people),
})

/** Those whose answers count toward an outcome that needs every role. */
function countedFor(question: Question): readonly AskedPerson[] {
  const counting = new Set(question.choices.filter(({ isFinal }) => !isFinal).map(({ choice }) => choice))
  const answered = new Set(
    question.answers.filter(({ choice }) => counting.has(choice)).map(({ personId }) => personId),
  )
  return question.asked.filter(({ personId }) => answered.has(personId))
}

/** Each role in order, with the id of who gave it; the answers are assigned to as many roles as possible. */
export function givenRoles(
  question: Question,
  people: People,
): readonly { readonly role: string; readonly by: string | undefined }[] {
  const counted = countedFor(question)
  const humans = assignRoles(
    question.roles,
    counted.map((asked) => roleHolder(question, asked, people)),
  )
  return question.roles.map((role, index) => ({
    role,
    by: counted.find(({ personId }) => people.humanOf(personId) === humans[index])?.personId,
  }))
}

/** The roles that the answers so far do not give. */
export const missingRoles = (question: Question, people: People): readonly string[] =>
  givenRoles(question, people).flatMap(({ role, by }) => (by ? [] : [role]))

/** Whether each role is given by a different person. */
export const hasQuorum = (question: Question, people: People): boolean => missingRoles(question, people).length === 0

/** Those who can still answer: not answered under any entry, and with a required role. */
export function unanswered(question: Question, people: People): readonly AskedPerson[] {
  const answered = new Set(question.answers.map(({ personId }) => people.humanOf(personId)))
  return question.asked.filter(
    (asked) =>
      asked.delegatedTo === undefined &&
      !answered.has(people.humanOf(asked.personId)) &&
      givableRoles(question, asked, people).length > 0,
  )
}

/** The roles that not even all of these could give together. */
export const outOfReach = (question: Question, asked: readonly AskedPerson[], people: People): readonly string[] =>
  unmetRoles(
    question.roles,
    asked.map((one) => roleHolder(question, one, people)),
  )

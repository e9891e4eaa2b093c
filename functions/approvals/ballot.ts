/**
 * A ballot: the question put to approvers about one plan hash, open until its quorum is met, a vote rejects, or its
 * deadline passes.
 */
import { approvalValidSecondsDefault, type Person, type Policy, quorumFor } from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import { instantAfter } from '../kit/time.ts'
import {
  type Choice,
  givenRoles,
  hasQuorum,
  openQuestion,
  type People,
  peopleOf,
  Question,
  QuestionRecord,
  roleOfPerson,
  type Unanswerable,
} from '../people/index.ts'
import type { Plan } from '../planning/index.ts'

/**
 * The question on a plan: `subject` is the change's id, `subjectHash` the plan hash; excluded are the requester and the
 * author of the rollback plan.
 */
export const Ballot = Question
export type Ballot = Question

/** A ballot is stored as a question, under `keys.ballot(changeId)`. */
export const BallotRecord = QuestionRecord

/** The purpose's name in records, leaves (`approval.*`) and nudges. */
export const approvalPurpose = 'approval'

/** One approval per role; one rejection ends the ballot. */
const choices: Choice[] = [
  { choice: 'approve', outcome: 'approved', isFinal: false },
  { choice: 'reject', outcome: 'rejected', isFinal: true },
]

/** Why the requester may not vote, as recorded in the ballot and in evidence (B29). */
export const ownRequest = 'own-request'
/** As `ownRequest`, for the author of the rollback plan. */
export const rollbackAuthor = 'rollback-author'

/** The role of the one who reviews the rollback plan; none where the policy asked for no review. */
export const reviewRole = ({ schemaVersion, rollbackPlan: { reviewer } }: Plan): readonly string[] =>
  schemaVersion === 1 || reviewer === undefined ? [] : [roleOfPerson(reviewer)]

const overrideRole = ({ freeze }: Plan): readonly string[] =>
  freeze?.overrideRole === undefined ? [] : [freeze.overrideRole]

/**
 * 2.3: the id of who gave the extra vote that lets exactly this plan work in a freeze, once the plan is approved with
 * it; counted with the people of now.
 */
export function freezeOverriddenBy(
  ballot: Ballot,
  plan: Plan,
  planHash: string | undefined,
  people: readonly Person[],
) {
  if (overrideRole(plan).length === 0 || !isApproved(ballot, planHash, people)) return undefined
  return givenRoles(ballot, peopleOf(people)).at(-1)?.by
}

/** The id of who gave the review by their vote, if anyone has. */
export const reviewedBy = (ballot: Ballot, plan: Plan, people: People): string | undefined =>
  givenRoles(ballot, people).find(({ role }) => reviewRole(plan).includes(role))?.by

/** A new ballot, or the roles of its quorum that no eligible person can give. */
export function openBallot(
  change: Change,
  plan: Plan,
  planHash: string,
  people: People,
  policy: Pick<Policy, 'approvals'>,
  at: string,
): Ballot | Unanswerable {
  const {
    roles,
    rollbackReview: _,
    validForSeconds: __,
    freezeOverrideRole: ___,
    ...timing
  } = quorumFor(change, policy)
  return openQuestion(
    {
      purpose: approvalPurpose,
      subject: change.changeId,
      subjectHash: planHash,
      changeId: change.changeId,
      choices,
      // First, so that the vote of a reviewer who also holds a role of the quorum counts as the review.
      roles: [...reviewRole(plan), ...roles, ...overrideRole(plan)],
      excluded: [
        { who: change.requester, because: ownRequest },
        { who: plan.rollbackPlan.author, because: rollbackAuthor },
      ],
      // A vote is personal: approvers that the policy names may not be replaced by a delegate.
      mayDelegate: false,
      ...timing,
    },
    people,
    at,
  )
}

/** When the approval of a plan ends: counted from its decision or, where none is recorded, from its opening. */
export const approvalEndsAt = (
  { decidedAt, openedAt }: Pick<Ballot, 'decidedAt' | 'openedAt'>,
  { approvalValidSeconds = approvalValidSecondsDefault }: Pick<Plan, 'approvalValidSeconds'>,
): string => instantAfter(decidedAt ?? openedAt, approvalValidSeconds * 1000)

/**
 * I4: whether exactly this plan has its quorum, recounted at every gate with the catalogue's people as of then. A vote
 * of someone who has left, lost the role, or is since known to be an author no longer counts, and no plan has none.
 */
export function isApproved(ballot: Ballot, planHash: string | undefined, people: readonly Person[]): boolean {
  return ballot.outcome === 'approved' && ballot.subjectHash === planHash && hasQuorum(ballot, peopleOf(people))
}

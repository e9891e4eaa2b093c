/** Who is asked about a plan, and until when. */
import { Temporal } from 'temporal-polyfill'
import type { Catalogue, Policy, Quorum } from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import type { Plan } from '../planning/index.ts'
import type { Approver, Ballot } from './ballot.ts'

type Person = Catalogue['people'][number]

/** The quorum that a change of this class needs; standard changes without one of their own take the normal one. */
export function quorumFor(change: Change, policy: Policy): Quorum {
  return policy.approvals[change.class] ?? policy.approvals.normal
}

const later = (at: string, seconds: number) =>
  Temporal.Instant.from(at).add({ seconds }).toString({ fractionalSecondDigits: 3 })

const unasked = (person: Person, isEscalation: boolean): Approver => ({
  personId: person.id,
  name: person.name,
  email: person.email,
  channel: person.channel,
  roles: [...person.roles],
  linkId: '',
  secretDigest: '',
  codeDigest: '',
  wrongCodes: 0,
  isEscalation,
})

/** A new ballot, or the role that nobody eligible holds. */
export function openBallot(
  change: Change,
  plan: Plan,
  planHash: string,
  catalogue: Catalogue,
  policy: Policy,
  at: string,
): Ballot | { readonly missingRole: string } {
  const quorum = quorumFor(change, policy)
  const eligible = catalogue.people.filter(({ id }) => id !== change.requester && id !== plan.rollbackPlan.author)
  const missing = quorum.roles.find((role) => !eligible.some(({ roles }) => roles.includes(role)))
  if (missing) return { missingRole: missing }
  const asked = eligible.filter(({ roles }) => quorum.roles.some((role) => roles.includes(role)))
  return {
    changeId: change.changeId,
    planHash,
    requester: change.requester,
    rollbackAuthor: plan.rollbackPlan.author,
    roles: [...quorum.roles],
    escalateTo: quorum.escalateTo,
    openedAt: at,
    escalateAt: later(at, quorum.escalateAfterSeconds),
    deadlineAt: later(at, quorum.deadlineSeconds),
    isEscalated: false,
    approvers: asked.map((person) => unasked(person, false)),
    votes: [],
    outcome: 'open',
  }
}

/** Adds those who may stand in for roles that did not answer. */
export function escalate(ballot: Ballot, catalogue: Catalogue): Ballot {
  const known = new Set(ballot.approvers.map(({ personId }) => personId))
  const added = catalogue.people.filter(
    ({ id, roles }) =>
      !known.has(id) &&
      id !== ballot.requester &&
      id !== ballot.rollbackAuthor &&
      roles.some((role) => role === ballot.escalateTo),
  )
  return {
    ...ballot,
    isEscalated: true,
    approvers: [...ballot.approvers, ...added.map((person) => unasked(person, true))],
  }
}

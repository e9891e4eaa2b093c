/** Who is asked about a plan, and until when. */
import type { Catalogue, Person, Policy, Quorum } from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import { instantAfter } from '../kit/time.ts'
import { humansOf, isNamed } from '../people/index.ts'
import type { Plan } from '../planning/index.ts'
import { type Approver, type Ballot, humanOf, missingRoles, roleHolder } from './ballot.ts'
import { unmetRoles } from './quorum.ts'

/** The quorum that a change of this class needs; standard changes without one of their own take the normal one. */
export function quorumFor(change: Pick<Change, 'class'>, policy: Pick<Policy, 'approvals'>): Quorum {
  return policy.approvals[change.class] ?? policy.approvals.normal
}

const later = (at: string, seconds: number) => instantAfter(at, seconds * 1000)

const unasked = (person: Person, sameAs: readonly string[]): Approver => ({
  personId: person.id,
  name: person.name,
  email: person.email,
  channel: person.channel,
  roles: [...person.roles],
  sameAs: [...sameAs],
  linkId: '',
  secretDigest: '',
  codeDigest: '',
  wrongCodes: 0,
  isEscalation: false,
})

/** Everyone who may vote on the work of these authors: neither of them, under whichever entry or address. */
function eligibleAsked(people: readonly Person[], authors: readonly string[]): readonly Approver[] {
  const humans = humansOf(people)
  return people
    .filter((person) => !authors.some((author) => isNamed(author, person, people)))
    .map((person) => unasked(person, humans.get(person.id) ?? [person.id]))
}

/** A new ballot, or the roles of its quorum that no other eligible person can give. */
export function openBallot(
  change: Change,
  plan: Plan,
  planHash: string,
  { people }: Pick<Catalogue, 'people'>,
  policy: Pick<Policy, 'approvals'>,
  at: string,
): Ballot | { readonly missing: readonly string[]; readonly because: string } {
  const quorum = quorumFor(change, policy)
  const eligible = eligibleAsked(people, [change.requester, plan.rollbackPlan.author])
  const holders = eligible.map((approver) => roleHolder({ approvers: [...eligible] }, approver))
  const missing = unmetRoles(quorum.roles, holders)
  if (missing.length > 0) return { missing, because: whyMissing(missing, eligible) }
  return {
    changeId: change.changeId,
    planHash,
    requester: change.requester,
    rollbackAuthor: plan.rollbackPlan.author,
    roles: [...quorum.roles],
    escalateTo: quorum.escalateTo,
    openedAt: at,
    remindAt: later(at, quorum.remindAfterSeconds),
    escalateAt: later(at, quorum.escalateAfterSeconds),
    deadlineAt: later(at, quorum.deadlineSeconds),
    isReminded: false,
    isEscalated: false,
    approvers: eligible.filter(({ roles }) => quorum.roles.some((role) => roles.includes(role))),
    votes: [],
    outcome: 'open',
  }
}

function whyMissing(missing: readonly string[], eligible: readonly Approver[]): string {
  const unheld = missing.filter((role) => !eligible.some(({ roles }) => roles.includes(role)))
  const role = unheld[0] ?? missing[0] ?? ''
  return unheld.length > 0
    ? `nobody eligible has the role ${role}; the requester and the author of the rollback plan do not count`
    : `the quorum needs another person with the role ${role}: nobody may give two of its roles`
}

/** Adds those who may stand in for the roles that nobody gave yet; some may have been asked already, for a role of their own. */
export function escalate(ballot: Ballot, { people }: Pick<Catalogue, 'people'>): Ballot {
  const standsInFor = [...new Set(missingRoles(ballot))]
  const known = new Set(ballot.approvers.map(({ personId }) => personId))
  const added = eligibleAsked(people, [ballot.requester, ballot.rollbackAuthor])
    .filter(({ personId, roles }) => !known.has(personId) && roles.includes(ballot.escalateTo))
    .map((approver) => ({ ...approver, isEscalation: true, standsInFor }))
  const asked = ballot.approvers.map((approver) => {
    if (!approver.roles.includes(ballot.escalateTo)) return approver
    // Asked again: the mail that they have does not say what they may give now.
    const { mailedAt, ...rest } = approver
    return { ...rest, standsInFor }
  })
  return { ...ballot, isEscalated: true, approvers: [...asked, ...added] }
}

/** Those who can still vote: one entry of each human who did not. */
export function unvoted(ballot: Ballot): readonly Approver[] {
  const voted = new Set(ballot.votes.map(({ personId }) => humanOf(ballot, personId)))
  return ballot.approvers.filter(({ personId }) => !voted.has(humanOf(ballot, personId)))
}

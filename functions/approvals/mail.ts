/** What the mail that asks for a vote says: numbers and ids, no text from a finding. */

import { approvalValidSecondsDefault } from '../catalogue/index.ts'
import { type Change, namedVulnerabilities } from '../changes/index.ts'
import { counted } from '../kit/display-text.ts'
import {
  type Facts,
  givableRoles,
  idList,
  idsShownMax,
  type Letter,
  type LetterTo,
  minuteText,
  type People,
  soleHolderOf,
} from '../people/index.ts'
import { freezeWords, type Plan, reviewWords, rungLines } from '../planning/index.ts'
import { type Ballot, reviewedBy } from './ballot.ts'

export interface VoteLetterInput extends LetterTo {
  readonly change: Change
  readonly plan: Plan
  readonly ballot: Ballot
  readonly people: People
}

/**
 * The letter to one approver; the essentials come first, because a phone shows about forty characters of the subject.
 */
export function voteLetter(input: VoteLetterInput): Letter {
  const { change, ballot, asked, isReminder } = input
  const what = `${change.class === 'emergency' ? 'emergency patch' : 'patch'} of ${idList([change.service])}`
  const before = minuteText(ballot.deadlineAt)
  const inPlace = asked.standsInFor?.length
    ? `, in place of approvers who did not answer (${asked.standsInFor.join(', ')})`
    : ''
  return {
    subject: `${isReminder ? 'Reminder: vote' : 'Vote'} on the ${what} before ${before}, change ${change.changeId}`,
    intro: `The ${what} ${isReminder ? 'still needs' : 'asks'} for your vote${inPlace}, before ${before}.`,
    facts: voteFacts(input),
    action: 'Open this page to see the plan and to vote',
    close: [
      'The page asks for the code. Share neither link nor code: the vote is recorded as yours.',
      'Opening the link decides nothing. If you did not expect this mail, tell your change manager.',
    ],
  }
}

/** A role of one person is that of the rollback plan's reviewer. */
function roleWords(role: string): string {
  const reviewer = soleHolderOf(role)
  return reviewer === undefined ? role : `${idList([reviewer])} (review of the rollback plan)`
}

/** Who else is asked, by id and the roles that they may give. */
function othersAsked({ ballot, asked, people }: VoteLetterInput): string {
  const others = ballot.asked.filter(({ personId }) => personId !== asked.personId)
  const shown = others.slice(0, idsShownMax).map((other) => {
    const gives = new Set(givableRoles(ballot, other, people))
    return `${idList([other.personId])} (${[...gives].map(roleWords).join(', ') || 'none'})`
  })
  if (shown.length === 0) return 'nobody else'
  return `${shown.join(', ')}${others.length > shown.length ? ` and ${others.length - shown.length} more` : ''}`
}

function voteFacts(input: VoteLetterInput): Facts {
  const { change, plan, ballot, people } = input
  const hosts = plan.rings.reduce((sum, ring) => sum + ring.hosts.length, 0)
  return [
    ['Change', change.changeId],
    ['Service', idList([change.service])],
    ['Class', change.class],
    ['Patch due', change.dueAt ? minuteText(change.dueAt) : 'on system upgrade'],
    ['CVE', idList(namedVulnerabilities(change))],
    [
      'Hosts',
      `${hosts} in ${counted(plan.rings.length, 'ring')} (${plan.rings.map((ring) => `${ring.name} ${ring.hosts.length}`).join(', ')})`,
    ],
    ['Downstream', idList(plan.downstream)],
    ['Rollback', `${rungLines(plan).join('; ')}`],
    ['RTO', `${plan.rollbackPlan.rtoMinutes} minutes, a target: no restore was timed for this plan`],
    ['Rollback plan', reviewWords(plan, reviewedBy(ballot, plan, people))],
    ['Needed', `one approval each of ${ballot.roles.map(roleWords).join(', ')}, by different people`],
    ['Also asked', othersAsked(input)],
    [
      'Approval counts for',
      `${Math.round((plan.approvalValidSeconds ?? approvalValidSecondsDefault) / 3600)} hours after it is given`,
    ],
    ...(freezeWords(plan) === undefined ? [] : [['Freeze', freezeWords(plan) ?? ''] as const]),
    ['Vote before', minuteText(ballot.deadlineAt)],
    ['Plan hash', ballot.subjectHash],
  ]
}

/**
 * What an approver sees before voting: what is asked and until when, then risk, scope, blast radius, plan and rollback,
 * beside the vote.
 */

import { html } from 'hono/html'
import { type Ballot, reviewedBy } from '../approvals/index.ts'
import { type Change, namedVulnerabilities } from '../changes/index.ts'
import { counted, shown } from '../kit/display-text.ts'
import { askedOf, givableRoles, givenRoles, type People, soleHolderOf } from '../people/index.ts'
import { freezeWords, type Plan, packageWords } from '../planning/index.ts'
import { allIds, badge, cards, firstIds, type Html, warning } from './layout.ts'
import { blastSection, hostCount, rollbackSection, scheduleSection, scopeSection } from './plan-view.ts'
import { instantText, minuteText, spanText } from './text.ts'
import { secondsBetween } from './timeline.ts'

export interface ApprovalViewInput {
  readonly change: Change
  readonly plan: Plan
  readonly ballot: Ballot
  /** The people of the catalogue now. */
  readonly people: People
  /** The approver whose page this is. */
  readonly personId: string
  /** Now. */
  readonly at: string
  /** The voting form, if the person may still vote. */
  readonly form?: Html
}

export function approvalView(input: ApprovalViewInput): Html {
  const { change, plan, ballot } = input
  return html`${lead(input)}
<div class="decide"><div><h2>Risk</h2>
${change.needsForensicTriage ? html`<p>${warning('Forensic triage is required before the patch.')}</p>` : ''}
<ul>${change.reasons.map((reason) => html`<li>${shown(reason)}</li>`)}</ul>
${freezeWords(plan) === undefined ? '' : html`<p>${warning(`${freezeWords(plan)}.`)}</p>`}
${allIds(namedVulnerabilities(change))}
${scopeSection(plan)}
${blastSection(plan)}
${rollbackSection(plan, reviewedBy(input.ballot, plan, input.people))}
${scheduleSection(plan)}
<p class="quiet">Change <code>${change.changeId}</code>, requested by ${change.requester}. A vote counts for exactly this plan: <code>${ballot.subjectHash}</code></p></div>
<aside aria-label="Vote">${ballotText(input)}
${decision(input)}</aside></div>`
}

function lead({ change, plan, ballot, at, form }: ApprovalViewInput): Html {
  const isAsked = ballot.outcome === 'open' && form !== undefined
  const { rung, rtoMinutes } = plan.rollbackPlan
  const packages = packageWords(plan.manifest.packages).map(shown)
  return html`<section class="panel" aria-labelledby="what"><h2 id="what">${change.service}: ${firstIds(namedVulnerabilities(change))}</h2>
<p class="lead">Install ${packages.slice(0, 3).join(', ') || 'nothing'}${packages.length > 3 ? ` and ${packages.length - 3} more` : ''} on ${counted(hostCount(plan), 'host')}, one ring after the other: ${plan.rings.map((ring) => `${ring.name} ${ring.hosts.length}`).join(', ')}.</p>
${cards([
  [
    'Class',
    html`${change.class === 'emergency' ? warning('emergency') : change.class} <span class="quiet">priority ${change.priority} of 100</span>`,
  ],
  ['Patch due', change.dueAt ? due(change.dueAt, at) : 'on system upgrade'],
  [
    'Vote before',
    html`${minuteText(ballot.deadlineAt)}${ballot.outcome === 'open' ? html` <span class="quiet">${spanText(secondsBetween(at, ballot.deadlineAt))} left</span>` : ''}`,
  ],
  ['Can hurt', plan.downstream.join(', ') || 'no other service'],
  ['Way back', rung === 'none' ? warning('none') : `RTO ${rtoMinutes} min, a target`],
])}
${isAsked ? html`<p class="actions jump"><a class="button" href="#vote">Go to your vote</a></p>` : ''}</section>`
}

function due(dueAt: string, at: string): Html {
  const seconds = secondsBetween(at, dueAt)
  return html`${minuteText(dueAt)} ${seconds < 0 ? warning(`${spanText(-seconds)} overdue`) : html`<span class="quiet">in ${spanText(seconds)}</span>`}`
}

/** A role of one person is that of the rollback plan's reviewer. */
function roleText(role: string): string {
  const reviewer = soleHolderOf(role)
  return reviewer === undefined ? role : `${reviewer}, review of the rollback plan`
}

/** Who is voting, who has given which role, and who is asked for the others. */
function ballotText({ ballot, personId, people }: ApprovalViewInput): Html {
  const standsInFor = askedOf(ballot, personId)?.standsInFor ?? []
  const asked = (role: string) =>
    ballot.asked
      .filter((one) => givableRoles(ballot, one, people).includes(role))
      .map((one) => people.nameOf(one.personId))
  const givenBy = (voter: string) => {
    const vote = ballot.answers.find((one) => one.personId === voter)
    return `${people.nameOf(voter)}${vote ? `, ${instantText(vote.at)}` : ''}`
  }
  return html`<section class="panel" aria-labelledby="quorum"><h2 id="quorum">Quorum</h2>
<p>You vote as <strong>${people.nameOf(personId)}</strong>${standsInFor.length > 0 ? `, also in place of ${standsInFor.join(', ')}` : ''}. One approval is needed for each role, by different people; one rejection ends the ballot.</p>
<ul class="roles">${givenRoles(ballot, people).map(
    ({ role, by }) =>
      html`<li>${badge(by ? 'approved' : 'missing')} ${roleText(role)} <span class="quiet">${by ? givenBy(by) : `asked: ${asked(role).join(', ')}`}</span></li>`,
  )}</ul>
${ballot.answers.flatMap(({ personId: voter, choice, at, comment }) =>
  choice === 'reject' || comment !== ''
    ? [
        html`<p>${people.nameOf(voter)}: ${choice}, ${instantText(at)}${comment === '' ? '' : html` <q>${shown(comment)}</q>`}</p>`,
      ]
    : [],
)}</section>`
}

function decision({ ballot, personId, form }: ApprovalViewInput): Html {
  const vote = ballot.answers.find((one) => one.personId === personId)
  if (vote) return html`<p class="answer">You voted ${vote.choice} at ${instantText(vote.at)}.</p>`
  if (ballot.outcome !== 'open') return html`<p class="answer">This change was decided: ${ballot.outcome}.</p>`
  return html`${form ?? ''}`
}

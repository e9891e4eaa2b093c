/** What an approver sees before voting: risk, scope, blast radius, plan, way back, expiry. */
import { html } from 'hono/html'
import { type Ballot, missingRoles } from '../approvals/index.ts'
import type { Change } from '../changes/index.ts'
import type { Plan } from '../planning/index.ts'
import { type Html, instant, warning } from './layout.ts'
import { blastSection, hostCount, rollbackSection, scheduleSection, scopeSection } from './plan-view.ts'
import { countOf, instantText, shown, spanText } from './text.ts'

export interface ApprovalViewInput {
  readonly change: Change
  readonly plan: Plan
  readonly ballot: Ballot
  /** The approver whose page this is. */
  readonly personId: string
  readonly secondsLeft: number
  /** The form to vote by, where the person may still vote. */
  readonly form?: Html
}

export function approvalView({ change, plan, ballot, personId, secondsLeft, form }: ApprovalViewInput): Html {
  const vote = ballot.votes.find((one) => one.personId === personId)
  const isAsked = vote === undefined && ballot.outcome === 'open' && form !== undefined
  return html`
<section class="panel" aria-labelledby="what"><h2 id="what">${change.service}: ${change.vulnerabilityIds.map(shown).join(', ') || 'no vulnerability'}</h2>
<dl class="cards">
<div><dt>Class</dt><dd>${change.class === 'emergency' ? warning('emergency') : change.class}</dd></div>
<div><dt>Due</dt><dd>${change.dueAt ? instantText(change.dueAt) : 'on system upgrade'}</dd></div>
<div><dt>Order</dt><dd>${change.order} of 100</dd></div>
<div><dt>Hosts</dt><dd>${countOf(hostCount(plan), 'host')} in ${countOf(plan.rings.length, 'ring')}</dd></div>
<div><dt>Can hurt</dt><dd>${plan.downstream.join(', ') || 'no other service'}</dd></div>
<div><dt>Way back</dt><dd>${plan.rollbackPlan.rung === 'none' ? warning('none') : `within ${plan.rollbackPlan.rtoMinutes} min`}</dd></div>
</dl>
${isAsked ? html`<p class="actions"><a class="button" href="#vote">Go to your vote</a></p>` : ''}</section>
${standing({ ballot, personId, secondsLeft })}
<h2>Risk</h2>
${change.needsForensicTriage ? html`<p>${warning('Forensic triage is required before the patch.')}</p>` : ''}
<ul>${change.reasons.map((reason) => html`<li>${shown(reason)}</li>`)}</ul>
${scopeSection(plan)}
${scheduleSection(plan)}
${blastSection(plan)}
${rollbackSection(plan)}
${
  vote
    ? html`<p class="answer">You voted ${vote.choice} at ${instantText(vote.at)}.</p>`
    : ballot.outcome !== 'open'
      ? html`<p class="answer">This change was decided: ${ballot.outcome}.</p>`
      : (form ?? '')
}
<p class="quiet">Change <code>${change.changeId}</code>, requested by ${change.requester}. A vote counts for exactly this plan: <code>${ballot.planHash}</code></p>`
}

/** Who votes as whom, until when, and what is still missing. */
function standing({
  ballot,
  personId,
  secondsLeft,
}: Pick<ApprovalViewInput, 'ballot' | 'personId' | 'secondsLeft'>): Html {
  const approver = ballot.approvers.find((one) => one.personId === personId)
  const isOpen = ballot.outcome === 'open'
  return html`<dl>
<dt>You vote as</dt><dd>${approver?.name ?? personId}${approver?.standsInFor?.length ? `, also in place of ${approver.standsInFor.join(', ')}` : ''}</dd>
<dt>Vote before</dt><dd>${instant(ballot.deadlineAt)}${isOpen ? html` (<strong>${spanText(secondsLeft)}</strong> left)` : ''}</dd>
<dt>Needed</dt><dd>one approval each of ${ballot.roles.join(', ')}, by different people${isOpen ? `; still missing: ${missingRoles(ballot).join(', ')}` : ''}</dd>
${ballot.votes.map((cast) => html`<dt>Voted</dt><dd>${nameOf(ballot, cast.personId)}: ${cast.choice} at ${instantText(cast.at)}${cast.comment ? html` <q>${shown(cast.comment)}</q>` : ''}</dd>`)}
</dl>`
}

const nameOf = ({ approvers }: Ballot, personId: string) =>
  approvers.find((approver) => approver.personId === personId)?.name ?? personId

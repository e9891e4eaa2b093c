/** What an approver sees before voting: risk, scope, blast radius, plan, way back, expiry. */
import { html } from 'hono/html'
import { type Ballot, missingRoles } from '../approvals/index.ts'
import type { Change } from '../changes/index.ts'
import type { Plan } from '../planning/index.ts'
import type { Html } from './layout.ts'
import { blastSection, rollbackSection, scheduleSection, scopeSection } from './plan-view.ts'
import { instantText, shown, spanText } from './text.ts'

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
  const approver = ballot.approvers.find((one) => one.personId === personId)
  const vote = ballot.votes.find((one) => one.personId === personId)
  const missing = missingRoles(ballot)
  return html`
<dl>
<dt>Change</dt><dd><code>${change.changeId}</code>, ${change.class}, requested by ${change.requester}</dd>
<dt>You vote as</dt><dd>${approver?.name ?? personId}${approver?.standsInFor ? `, also in place of ${approver.standsInFor.join(', ')}` : ''}</dd>
<dt>Vote before</dt><dd><time datetime="${ballot.deadlineAt}">${instantText(ballot.deadlineAt)}</time>${ballot.outcome === 'open' ? ` (${spanText(secondsLeft)} left)` : ''}</dd>
<dt>Needed</dt><dd>one approval each of ${ballot.roles.join(', ')}, by different people${ballot.outcome === 'open' ? `; still missing: ${missing.join(', ')}` : ''}</dd>
${ballot.votes.map((cast) => html`<dt>Voted</dt><dd>${nameOf(ballot, cast.personId)}: ${cast.choice} at ${instantText(cast.at)}${cast.comment ? html` <q>${shown(cast.comment)}</q>` : ''}</dd>`)}
</dl>
<h2>Risk</h2>
<dl><dt>Due</dt><dd>${change.dueAt ? instantText(change.dueAt) : 'on system upgrade'}</dd><dt>Order</dt><dd>${change.order} of 100</dd><dt>Vulnerabilities</dt><dd>${change.vulnerabilityIds.map(shown).join(', ') || 'none'}</dd>${change.needsForensicTriage ? html`<dt>Forensics</dt><dd>triage is required before the patch</dd>` : ''}</dl>
<ul>${change.reasons.map((reason) => html`<li>${shown(reason)}</li>`)}</ul>
${scopeSection(plan)}
${scheduleSection(plan)}
${blastSection(plan)}
${rollbackSection(plan)}
<p class="quiet">Your vote counts for exactly this plan: <code>${ballot.planHash}</code></p>
${
  vote
    ? html`<p class="answer">You voted ${vote.choice} at ${instantText(vote.at)}.</p>`
    : ballot.outcome !== 'open'
      ? html`<p class="answer">This change was decided: ${ballot.outcome}.</p>`
      : (form ?? '')
}`
}

const nameOf = ({ approvers }: Ballot, personId: string) =>
  approvers.find((approver) => approver.personId === personId)?.name ?? personId

/** What an approver sees before voting: risk, scope, blast radius, plan, way back, expiry. */
import { html } from 'hono/html'
import type { Approver, Ballot } from '../approvals/index.ts'
import type { Change } from '../changes/index.ts'
import type { Plan } from '../planning/index.ts'
import { dataTable } from './layout.ts'
import { shown } from './text.ts'

export interface ApprovalViewInput {
  readonly change: Change
  readonly plan: Plan
  readonly ballot: Ballot
  readonly approver: Approver
}

export function approvalView({ change, plan, ballot, approver }: ApprovalViewInput) {
  const hosts = plan.rings.reduce((sum, ring) => sum + ring.hosts.length, 0)
  const vote = ballot.votes.find(({ personId }) => personId === approver.personId)
  return html`
<dl>
<dt>Change</dt><dd><code>${change.changeId}</code>, ${change.class}, requested by ${change.requester}</dd>
<dt>You vote as</dt><dd>${approver.name}${approver.isEscalation ? ', in place of approvers who did not answer' : ''}</dd>
<dt>Vote before</dt><dd><time datetime="${ballot.deadlineAt}">${ballot.deadlineAt}</time></dd>
<dt>Needed</dt><dd>one approval each of ${ballot.roles.join(', ')}; so far ${ballot.votes.length === 0 ? 'none' : ballot.votes.map(({ personId, choice }) => `${personId} (${choice})`).join(', ')}</dd>
</dl>
<h2>Risk</h2>
<dl><dt>Due</dt><dd>${change.dueAt ?? 'on system upgrade'}</dd><dt>Order</dt><dd>${change.order} of 100</dd><dt>Vulnerabilities</dt><dd>${change.vulnerabilityIds.map(shown).join(', ') || 'none'}</dd></dl>
<ul>${change.reasons.map((reason) => html`<li>${shown(reason)}</li>`)}</ul>
<h2>Scope</h2>
<p>${hosts} hosts of ${plan.service}; ${plan.manifest.packages.map(({ name, version }) => `${name} ${version}`).join(', ')}.</p>
${dataTable(
  'Rings in order',
  ['Ring', 'Hosts', 'Soak', 'Halts at'],
  plan.rings.map((ring) => [
    `${ring.name}${ring.isCanary ? ' (canary)' : ''}`,
    String(ring.hosts.length),
    `${ring.soakSeconds} s`,
    `${ring.failureBudget + 1} failed`,
  ]),
)}
${
  plan.excluded.length === 0
    ? ''
    : html`<details><summary>${plan.excluded.length} nodes left out</summary>${dataTable(
        'Left out',
        ['Node', 'Reason'],
        plan.excluded.map(({ hostId, reason }) => [hostId, reason]),
      )}</details>`
}
<h2>Blast radius</h2>
<p>${plan.downstream.length === 0 ? 'No other service depends on it.' : `Services downstream that this can hurt: ${plan.downstream.join(', ')}.`}</p>
${dataTable(
  'Minimum healthy',
  ['Service', 'Hosts', 'Must stay healthy', 'Down at most'],
  plan.limits.map((limit) => [
    limit.service,
    String(limit.hosts),
    String(limit.minimumHealthy),
    String(limit.unavailableMax),
  ]),
)}
<h2>Rollback plan</h2>
<p>${plan.rollbackPlan.rung === 'none' ? 'There is no way back: approving accepts that.' : `Packages are returned to their previous versions within ${plan.rollbackPlan.rtoMinutes} minutes.`} Written by ${plan.rollbackPlan.author}, reviewed by ${plan.rollbackPlan.reviewer}.</p>
<p class="quiet">Your vote counts for exactly this plan: <code>${ballot.planHash}</code></p>
${
  vote || ballot.outcome !== 'open'
    ? html`<p class="answer">${vote ? `You voted ${vote.choice} at ${vote.at}.` : `This change was decided: ${ballot.outcome}.`}</p>`
    : html`<form id="vote" class="panel" autocomplete="off">
<label>Code from your mail<input name="code" required minlength="8" maxlength="12" autocapitalize="characters" spellcheck="false" aria-describedby="code-help"></label>
<span id="code-help" class="quiet">Eight letters and digits, below the link.</span>
<label>Comment<textarea name="comment" rows="2" maxlength="2000"></textarea></label>
<div class="actions"><button type="submit" value="approve">Approve</button><button type="submit" value="reject" class="other">Reject</button></div>
</form>`
}`
}

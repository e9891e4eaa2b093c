/** The mail that asks for a vote: numbers and ids, no text from a finding, the code apart from the link. */
import type { Change } from '../changes/index.ts'
import type { Plan } from '../planning/index.ts'
import type { Approver, Ballot } from './ballot.ts'
import type { Mail } from './ports.ts'

interface AskMailInput {
  readonly change: Change
  readonly plan: Plan
  readonly ballot: Ballot
  readonly approver: Approver
  readonly link: string
  readonly code: string
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)
/** One line: a line break in a subject would start another header. */
const oneLine = (text: string) =>
  [...text]
    .map((character) => (character < ' ' || character === '\u007f' ? ' ' : character))
    .join('')
    .slice(0, 150)

/** Code as printed: two groups of four. */
export const shownCode = (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`

export function askMail({ change, plan, ballot, approver, link, code }: AskMailInput): Mail {
  const hosts = plan.rings.reduce((sum, ring) => sum + ring.hosts.length, 0)
  const lines = [
    `Change ${change.changeId} asks for your vote${approver.isEscalation ? ', in place of approvers who did not answer' : ''}.`,
    '',
    `Service      ${change.service}`,
    `Class        ${change.class}`,
    `Due          ${change.dueAt ?? 'on system upgrade'}`,
    `CVE          ${change.vulnerabilityIds.join(', ') || 'none'}`,
    `Hosts        ${hosts} in ${plan.rings.length} rings (${plan.rings.map((ring) => `${ring.name} ${ring.hosts.length}`).join(', ')})`,
    `Downstream   ${plan.downstream.join(', ') || 'none'}`,
    `Rollback     ${plan.rollbackPlan.rung}, within ${plan.rollbackPlan.rtoMinutes} minutes, reviewed by ${plan.rollbackPlan.reviewer}`,
    `Plan hash    ${ballot.planHash}`,
    `Needed       one approval each of ${ballot.roles.join(', ')}`,
    `Vote before  ${ballot.deadlineAt}`,
    '',
    'Open this page to see the plan and to vote:',
    link,
    '',
    `Your code: ${shownCode(code)}`,
    '',
    'The page asks for the code. Do not pass either on: your vote counts as yours.',
  ]
  const html = `<!doctype html><html lang="en"><body style="font:16px/1.5 sans-serif"><pre style="font:inherit;white-space:pre-wrap">${escaped(lines.slice(0, 13).join('\n'))}</pre><p><a href="${escaped(link)}">Open the page to see the plan and to vote</a></p><p>Your code: <strong>${escaped(shownCode(code))}</strong></p><p>${escaped(lines.at(-1) ?? '')}</p></body></html>`
  return {
    to: approver.email,
    subject: oneLine(
      `Vote on change ${change.changeId} for ${change.service} (${change.class}), before ${ballot.deadlineAt.slice(0, 16)}Z`,
    ),
    text: lines.join('\n'),
    html,
  }
}

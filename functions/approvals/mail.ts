/** The mail that asks for a vote: numbers and ids, no text from a finding, the code apart from the link. */
import type { Change } from '../changes/index.ts'
import type { Mail } from '../people/index.ts'
import type { Plan } from '../planning/index.ts'
import type { Approver, Ballot } from './ballot.ts'

export interface AskMailInput {
  readonly change: Change
  readonly plan: Plan
  readonly ballot: Ballot
  readonly approver: Approver
  readonly link: string
  readonly code: string
  readonly isReminder: boolean
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)

/** One line of visible characters: a line break in a subject would start another header (B9). */
const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()

/** What an id of a vulnerability, service or person looks like; everything else is counted, not shown (B6, B7). */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/
const idsShownMax = 12

function idList(ids: readonly string[]): string {
  const shown = ids.filter((id) => idPattern.test(id)).slice(0, idsShownMax)
  const left = ids.length - shown.length
  if (shown.length === 0) return left === 0 ? 'none' : `${left}, shown on the page`
  return `${shown.join(', ')}${left === 0 ? '' : ` and ${left} more`}`
}

/** Code as printed: two groups of four. */
export const shownCode = (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`

/** An instant as people read it, to the minute, in UTC; rounded down, so that nobody comes late by it. */
const minuteText = (at: string) => `${at.slice(0, 16).replace('T', ' ')} UTC`

const subjectLengthMax = 150

/** The mail of one approver, text and HTML saying the same. */
export function askMail(input: AskMailInput): Mail {
  const { change, ballot, approver, link, code, isReminder } = input
  const facts = factsOf(input)
  const width = Math.max(...facts.map(([name]) => name.length)) + 2
  const what = `${change.class === 'emergency' ? 'emergency patch' : 'patch'} of ${idList([change.service])}`
  const intro = `The ${what} ${isReminder ? 'still waits' : 'asks'} for your vote${approver.standsInFor?.length ? `, in place of approvers who did not answer (${approver.standsInFor.join(', ')})` : ''}, before ${minuteText(ballot.deadlineAt)}.`
  const close = [
    'The page asks for the code. Pass on neither: your vote counts as yours.',
    'Opening the link decides nothing. If you did not expect this mail, tell your change manager.',
  ]
  const text = [
    intro,
    '',
    ...facts.map(([name, value]) => `${name.padEnd(width)}${value}`),
    '',
    'Open this page to see the plan and to vote:',
    link,
    '',
    `Your code: ${shownCode(code)}`,
    '',
    ...close,
  ].join('\n')
  return {
    to: approver.email,
    // What matters first: a phone shows some forty characters.
    subject: oneLine(
      `${isReminder ? 'Reminder: vote' : 'Vote'} on the ${what} before ${minuteText(ballot.deadlineAt)}, change ${change.changeId}`,
    ).slice(0, subjectLengthMax),
    text,
    html: htmlOf({ intro, facts, link, code, close }),
  }
}

type Facts = readonly (readonly [name: string, value: string])[]

/** Who is asked beside the reader, by id and the roles that they may give. */
function othersAsked({ ballot, approver }: Pick<AskMailInput, 'ballot' | 'approver'>): string {
  const others = ballot.approvers.filter(({ personId }) => personId !== approver.personId)
  const shown = others.slice(0, idsShownMax).map(({ personId, roles, standsInFor = [] }) => {
    const gives = ballot.roles.filter((role) => [...roles, ...standsInFor].includes(role))
    return `${idList([personId])} (${[...new Set(gives)].join(', ') || 'none'})`
  })
  if (shown.length === 0) return 'nobody else'
  return `${shown.join(', ')}${others.length > shown.length ? ` and ${others.length - shown.length} more` : ''}`
}

function factsOf({ change, plan, ballot, approver }: AskMailInput): Facts {
  const hosts = plan.rings.reduce((sum, ring) => sum + ring.hosts.length, 0)
  const { rung, rtoMinutes, reviewer } = plan.rollbackPlan
  const facts: Facts = [
    ['Change', change.changeId],
    ['Service', idList([change.service])],
    ['Class', change.class],
    ['Patch due', change.dueAt ? minuteText(change.dueAt) : 'on system upgrade'],
    ['CVE', idList(change.vulnerabilityIds)],
    [
      'Hosts',
      `${hosts} in ${plan.rings.length} ring${plan.rings.length === 1 ? '' : 's'} (${plan.rings.map((ring) => `${ring.name} ${ring.hosts.length}`).join(', ')})`,
    ],
    ['Downstream', idList(plan.downstream)],
    [
      'Rollback',
      rung === 'none'
        ? 'NONE: approving accepts that there is no way back'
        : `${rung}, within ${rtoMinutes} minutes, reviewed by ${idList([reviewer])}`,
    ],
    ['Needed', `one approval each of ${ballot.roles.join(', ')}, by different people`],
    ['Also asked', othersAsked({ ballot, approver })],
    ['Vote before', minuteText(ballot.deadlineAt)],
    ['Plan hash', ballot.planHash],
  ]
  return facts.map(([name, value]) => [name, oneLine(value)])
}

function htmlOf({
  intro,
  facts,
  link,
  code,
  close,
}: {
  readonly intro: string
  readonly facts: Facts
  readonly link: string
  readonly code: string
  readonly close: readonly string[]
}): string {
  const rows = facts
    .map(
      ([name, value]) =>
        `<tr><th align="left" valign="top" style="padding:4px 16px 4px 0;font-weight:normal;opacity:.75;white-space:nowrap">${escaped(name)}</th><td style="padding:4px 0;word-break:break-word">${escaped(value)}</td></tr>`,
    )
    .join('')
  // Styles stand at the elements and colours say no more than words: mail programs drop style sheets and invert for dark mode.
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Vote on a change</title></head><body style="margin:0;padding:16px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:38rem"><p style="font-size:1.1em;font-weight:600">${escaped(intro)}</p><table role="presentation" style="border-collapse:collapse">${rows}</table><p style="margin:24px 0"><a href="${escaped(link)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#0b5cad;color:#ffffff;font-weight:600;text-decoration:none">Open the page to see the plan and to vote</a></p><p>Your code: <strong style="font:1.25em ui-monospace,monospace;letter-spacing:.05em">${escaped(shownCode(code))}</strong></p>${close.map((line) => `<p style="opacity:.75">${escaped(line)}</p>`).join('')}</div></body></html>`
}

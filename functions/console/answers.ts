/** What a person is told about a vote: status and words; the same for unknown, foreign and truncated links. */
import type { Decided, Ending, LinkRefusal, VoteRefusal } from '../approvals/index.ts'
import { instantText } from './text.ts'

export interface Answer {
  readonly status: 200 | 401 | 403 | 404 | 409 | 410 | 423
  readonly text: string
}

type Refused = Extract<Decided, { kind: 'refused' }>

/** Whom to ask, as `contactOf` finds them. */
export function answerOf(decided: Decided, contact: string): Answer {
  if (decided.kind === 'recorded') return { status: 200, text: recordedText(decided) }
  if (decided.kind === 'already') {
    const { choice, at } = decided.earlier
    return decided.isSame
      ? { status: 200, text: `Already recorded at ${instantText(at)}: ${choice}.` }
      : { status: 409, text: `Your vote was recorded at ${instantText(at)}: ${choice}. The first vote stands.` }
  }
  return refusal(decided, contact)
}

function recordedText({ choice, outcome, machine }: Extract<Decided, { kind: 'recorded' }>): string {
  const so =
    outcome === 'open' ? 'The change waits for the other approvers.' : `The change is ${outcome}: this vote decided it.`
  const late = {
    answered: '',
    late: ' It came after the pipeline had stopped waiting; nothing starts until the pipeline has checked it, within minutes.',
    unanswered: ' The pipeline could not be told at once; it looks again by itself within minutes.',
  }[machine]
  return `Your vote (${choice}) is recorded. ${so}${late}`
}

const endingText = ({ outcome, by, at }: Ending): string =>
  `${outcome}${by ? ` by ${by}` : ''}${at ? ` at ${instantText(at)}` : ''}`

/** Status and words of a refusal. */
export function refusal({ because, ending, triesLeft }: Omit<Refused, 'kind'>, contact: string): Answer {
  if (because === 'ballot-closed')
    return {
      status: 409,
      text: `This change was decided before your vote came: ${ending ? endingText(ending) : 'it is closed'}. Your vote was not recorded.`,
    }
  if (because === 'wrong-code' && triesLeft !== undefined)
    return triesLeft > 0
      ? {
          status: 401,
          text: `That code is not right. It stands in your mail below the link. Tries left: ${triesLeft}.`,
        }
      : { status: 423, text: lockedText(contact) }
  const [status, text] = answers(contact)[because]
  return { status, text }
}

const lockedText = (contact: string) =>
  `Too many wrong codes: this link is locked, and your vote was not recorded. Ask ${contact} what to do; the other approvers can still vote.`

const answers = (
  contact: string,
): Readonly<Record<Exclude<LinkRefusal | VoteRefusal, 'ballot-closed'>, readonly [Answer['status'], string]>> => ({
  'unknown-link': [
    404,
    'This link is not known. It may have been cut short by your mail program: copy it whole, or ask for a new mail.',
  ],
  'newer-mail': [410, 'This link was replaced by a newer mail. Please use the link and the code of the newest one.'],
  superseded: [
    410,
    'The plan was changed after this mail was sent, so votes on it no longer count. If your vote is needed, you get a mail about the new plan.',
  ],
  'plan-changed': [
    410,
    'The plan was changed after this mail was sent, so votes on it no longer count. If your vote is needed, you get a mail about the new plan.',
  ],
  withdrawn: [410, `This change no longer waits for votes; it was cancelled or replaced. Ask ${contact} why.`],
  'deadline-passed': [
    410,
    `The deadline for this vote has passed, and nothing was recorded. Ask ${contact} to plan the change again.`,
  ],
  'already-voted': [409, 'You voted before. The first vote stands.'],
  'own-request': [403, 'You requested this change, so you cannot vote on it. This attempt was recorded.'],
  'rollback-author': [
    403,
    'You wrote the rollback plan of this change, so you cannot vote on it. This attempt was recorded.',
  ],
  'not-an-approver': [403, 'You are not an approver of this change. This attempt was recorded.'],
  'other-session': [
    403,
    'You are signed in as someone else than the approver of this link. Nothing was decided, and this attempt was recorded.',
  ],
  'wrong-code': [401, 'That code is not right. It stands in your mail below the link.'],
  locked: [423, lockedText(contact)],
})

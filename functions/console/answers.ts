/** What a person is told about a vote: status and text; the same for unknown, foreign and truncated links. */
import { ownRequest, rollbackAuthor } from '../approvals/index.ts'
import type { Answered, Ending, Refusal } from '../people/index.ts'
import { instantText } from './text.ts'

export interface Answer {
  readonly status: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 423
  readonly text: string
}

type Refused = Extract<Answered, { kind: 'refused' }>

/** Whom to ask, as `contactOf` finds them. */
export function answerOf(decided: Answered, contact: string): Answer {
  if (decided.kind === 'recorded') return { status: 200, text: recordedText(decided) }
  if (decided.kind === 'already') {
    const { choice, at } = decided.earlier
    return decided.isSame
      ? { status: 200, text: `Already recorded at ${instantText(at)}: ${choice}.` }
      : { status: 409, text: `Your vote was recorded at ${instantText(at)}: ${choice}. The first vote stands.` }
  }
  return refusal(decided, contact)
}

function recordedText({ choice, outcome, asker }: Extract<Answered, { kind: 'recorded' }>): string {
  const so =
    outcome === 'open'
      ? 'The change is waiting for the other approvers.'
      : `The change is ${outcome}: this vote decided it.`
  const late = {
    answered: '',
    late: ' It arrived after the pipeline had stopped waiting; nothing starts until the pipeline has checked it, within minutes.',
    unanswered: ' The pipeline could not be notified at once; it will find your vote within minutes.',
  }[asker]
  return `Your vote (${choice}) is recorded. ${so}${late}`
}

const endingText = ({ outcome, by, at }: Ending): string =>
  `${outcome}${by ? ` by ${by}` : ''}${at ? ` at ${instantText(at)}` : ''}`

/** Status and text of a refusal. */
export function refusal({ because, exclusion, ending, triesLeft }: Omit<Refused, 'kind'>, contact: string): Answer {
  if (because === 'question-closed')
    return {
      status: 409,
      text: `This change was decided before your vote arrived: ${ending ? endingText(ending) : 'it is closed'}. Your vote was not recorded.`,
    }
  if (because === 'wrong-code' && triesLeft !== undefined)
    return triesLeft > 0
      ? {
          status: 401,
          text: `That code is not right. It is in your mail, below the link. Tries left: ${triesLeft}.`,
        }
      : { status: 423, text: lockedText(contact) }
  if (because === 'excluded') return { status: 403, text: `${exclusionText(exclusion)} This attempt was recorded.` }
  const [status, text] = answers(contact)[because]
  return { status, text }
}

function exclusionText(exclusion: string | undefined): string {
  if (exclusion === ownRequest) return 'You requested this change, so you cannot vote on it.'
  if (exclusion === rollbackAuthor) return 'You wrote the rollback plan of this change, so you cannot vote on it.'
  return 'You are not allowed to answer this.'
}

const lockedText = (contact: string) =>
  `Too many wrong codes: this link is locked, and your vote was not recorded. Ask ${contact} what to do; the other approvers can still vote.`

const answers = (
  contact: string,
): Readonly<Record<Exclude<Refusal, 'question-closed' | 'excluded'>, readonly [Answer['status'], string]>> => ({
  'unknown-link': [
    404,
    'This link is not known. It may have been cut short by your mail program: copy it whole, or ask for a new mail.',
  ],
  'newer-mail': [410, 'This link was replaced by a newer mail. Use the link and the code of the newest one.'],
  superseded: [
    410,
    'The plan was changed after this mail was sent, so votes on it no longer count. If your vote is needed, you get a mail about the new plan.',
  ],
  'subject-changed': [
    410,
    'The plan was changed after this mail was sent, so votes on it no longer count. If your vote is needed, you get a mail about the new plan.',
  ],
  withdrawn: [410, `This change no longer waits for votes; it was cancelled or replaced. Ask ${contact} why.`],
  'deadline-passed': [
    410,
    `The deadline for this vote has passed, and nothing was recorded. Ask ${contact} to plan the change again.`,
  ],
  'already-answered': [409, 'You have already voted. The first vote stands.'],
  'unreadable-answer': [
    400,
    'Part of your answer could not be read, so nothing was recorded. Choose one of the buttons, and retype the comment.',
  ],
  delegated: [403, 'You handed this over to someone else, so you can no longer answer it. This attempt was recorded.'],
  'not-asked': [403, 'You are not an approver of this change. This attempt was recorded.'],
  'other-session': [
    403,
    'You are not signed in as the approver of this link. Nothing was decided, and this attempt was recorded.',
  ],
  'wrong-code': [401, 'That code is not right. It is in your mail, below the link.'],
  locked: [423, lockedText(contact)],
})

/** Which step of asking is due on a question, and how long whoever drives it may wait after that. */
import { msBetween } from '../kit/time.ts'
import { outOfReach } from './counting.ts'
import type { People } from './people.ts'
import { mailFailuresMax, type Question } from './question.ts'

/** `ask`: those who were not asked, or whose mail did not go; it also hands over the token of a new wait. */
export type AskStep = 'ask' | 'remind' | 'escalate'

/** What is due on a question now, and when to look again. */
export interface NextAskStep {
  /** `none`: the question is not open any more. */
  readonly step: AskStep | 'none'
  /** At least 1: to the next reminder, escalation or deadline, or to a look at the ledger before that. */
  readonly waitSeconds: number
}

/** Nothing is due any more. */
export const noStep: NextAskStep = { step: 'none', waitSeconds: 1 }

/**
 * Seconds between looks at a question on which nothing is due: a decision of which its driver never heard is found so (F20).
 *
 * 200 looks to the deadline keep an execution under 5,000 events, whatever the policy's deadline is.
 */
const lookSecondsMin = 900
const looksMax = 200

const secondsBetween = (from: string, to: string): number => Math.ceil(msBetween(from, to) / 1000)

/** Whether others are asked in place of those who did not answer: the time has come, or too few can be reached. */
function isEscalationDue(question: Question, people: People, at: string): boolean {
  const { isEscalated, escalateAt, escalateTo } = question
  if (isEscalated || escalateAt === undefined || escalateTo === undefined) return false
  // Who handed the question over cannot answer it: their delegate must be within reach.
  const reached = question.asked.filter(
    ({ mailFailures = 0, delegatedTo }) => mailFailures < mailFailuresMax && delegatedTo === undefined,
  )
  return at >= escalateAt || outOfReach(question, reached, people).length > 0
}

/** A reminder comes before an escalation that is due with it, so that nobody is stood in for without having been reminded. */
export function nextAskStep(question: Question, people: People, at: string): NextAskStep {
  if (question.outcome !== 'open') return noStep
  const { openedAt, remindAt, escalateAt, deadlineAt, isReminded, isEscalated } = question
  const mayEscalate = isEscalationDue(question, people, at)
  const mayRemind = !isReminded && remindAt !== undefined && at >= remindAt
  const step = mayRemind ? 'remind' : mayEscalate ? 'escalate' : 'ask'
  const left = [
    secondsBetween(at, deadlineAt),
    Math.max(lookSecondsMin, Math.ceil(secondsBetween(openedAt, deadlineAt) / looksMax)),
    ...(isReminded || mayRemind || remindAt === undefined ? [] : [secondsBetween(at, remindAt)]),
    ...(isEscalated || step === 'escalate' || escalateAt === undefined
      ? []
      : [mayEscalate ? 0 : secondsBetween(at, escalateAt)]),
  ]
  return { step, waitSeconds: Math.max(1, Math.min(...left)) }
}

/** The step of asking that is due on a question, and how long to wait after it. */
import { msBetween } from '../kit/time.ts'
import { outOfReach } from './counting.ts'
import type { People } from './people.ts'
import { mailFailuresMax, type Question } from './question.ts'

/** `ask`: those who were not asked, or whose mail was not sent; it also stores the token of a new wait. */
export type AskStep = 'ask' | 'remind' | 'escalate'

/** What is due on a question now, and when to check again. */
export interface NextAskStep {
  /** `none`: the question is no longer open. */
  readonly step: AskStep | 'none'
  /** Seconds, at least 1, to the next reminder, escalation, deadline or earlier check of the ledger. */
  readonly waitSeconds: number
}

/** Nothing is due any more. */
export const noStep: NextAskStep = { step: 'none', waitSeconds: 1 }

/**
 * Seconds between checks of a question on which nothing is due, to find a decision that its driver missed (F20).
 *
 * 200 checks to the deadline keep an execution under 5,000 events, whatever the policy's deadline.
 */
const lookSecondsMin = 900
const looksMax = 200

const secondsBetween = (from: string, to: string): number => Math.ceil(msBetween(from, to) / 1000)

/** Whether to ask others in place of those who did not answer: it is time, or too few can be reached. */
function isEscalationDue(question: Question, people: People, at: string): boolean {
  const { isEscalated, escalateAt, escalateTo } = question
  if (isEscalated || escalateAt === undefined || escalateTo === undefined) return false
  // Who handed the question over cannot answer it: their delegate must be within reach.
  const reached = question.asked.filter(
    ({ mailFailures = 0, delegatedTo }) => mailFailures < mailFailuresMax && delegatedTo === undefined,
  )
  return at >= escalateAt || outOfReach(question, reached, people).length > 0
}

/** A reminder precedes an escalation due at the same time, so that nobody is replaced without a reminder. */
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

/** Which step of asking is due on a ballot, and how long the machine may wait after it. */
import { msBetween } from '../kit/time.ts'
import { type Ballot, roleHolder } from './ballot.ts'
import { unmetRoles } from './quorum.ts'

/** `ask`: those who were not asked, or whose mail did not go; it also hands over the token of a new wait. */
export type AskStep = 'ask' | 'remind' | 'escalate'

export interface NextStep {
  /** `none`: the ballot is not open any more. */
  readonly step: AskStep | 'none'
  /** At least 1: to the next reminder, escalation or deadline, or to a look at the ledger before that. */
  readonly waitSeconds: number
}

/** Mails in a row after which a person counts as out of reach (F43). */
export const mailFailuresMax = 3

/**
 * Seconds between looks at a ballot on which nothing is due: a decision of which the machine never heard is found so (F20).
 *
 * 200 looks to the deadline keep an execution under 5,000 events, whatever the policy's deadline is.
 */
const lookSecondsMin = 900
const looksMax = 200

const secondsBetween = (from: string, to: string): number => Math.ceil(msBetween(from, to) / 1000)

/** Whether others are asked in place of those who did not answer: the time has come, or too few can be reached. */
function isEscalationDue(ballot: Ballot, at: string): boolean {
  if (ballot.isEscalated) return false
  const reached = ballot.approvers.filter(({ mailFailures = 0 }) => mailFailures < mailFailuresMax)
  const holders = reached.map((approver) => roleHolder(ballot, approver))
  return at >= ballot.escalateAt || unmetRoles(ballot.roles, holders).length > 0
}

/** A reminder comes before an escalation that is due with it, so that nobody is stood in for without having been reminded. */
export function nextStep(ballot: Ballot, at: string): NextStep {
  if (ballot.outcome !== 'open') return { step: 'none', waitSeconds: 1 }
  const { openedAt, remindAt, escalateAt, deadlineAt, isReminded, isEscalated } = ballot
  const mayEscalate = isEscalationDue(ballot, at)
  const step = !isReminded && at >= remindAt ? 'remind' : mayEscalate ? 'escalate' : 'ask'
  const left = [
    secondsBetween(at, deadlineAt),
    Math.max(lookSecondsMin, Math.ceil(secondsBetween(openedAt, deadlineAt) / looksMax)),
    ...(isReminded || step === 'remind' ? [] : [secondsBetween(at, remindAt)]),
    ...(isEscalated || step === 'escalate' ? [] : [mayEscalate ? 0 : secondsBetween(at, escalateAt)]),
  ]
  return { step, waitSeconds: Math.max(1, Math.min(...left)) }
}

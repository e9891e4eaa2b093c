/** How a reconciler repairs an open change after a lost event, a dead driver or an ended hold. */
import { type Change, holdsOf } from '../changes/index.ts'
import { msBetween } from '../kit/time.ts'

/** `replan`: nothing but a new plan and its votes can end the hold, and nothing speaks against that; `ask-again`: its hold may be over, so it is rechecked; `none`: it waits for a time or a person. */
export type Repair = 'none' | 'ensure-driver' | 'ask-again' | 'replan'

/** What may have ended a hold since the last run. */
export interface HoldNews {
  /** ISO 8601 instant, UTC. */
  readonly now: string
  /** Whether another catalogue was loaded since the last complete run. */
  readonly isCatalogueNew: boolean
}

/** Rollout gates are asked whether they still hold; holds of other rooms may end only with a new catalogue. */
const mayBeAskedAgain = { 'evidence-filed': true, 'facts-readable': true, 'probes-healthy': true } as const

/** A held change is rechecked once all its holds may have ended; any other open change has a driver or gets one. */
export function repairOf(change: Change, news: HoldNews): Repair {
  if (change.state !== 'held') return 'ensure-driver'
  if (change.heldUntil !== undefined && change.heldUntil <= news.now) return 'ensure-driver'
  if (isToReplan(change)) return 'replan'
  // A freeze may be lifted, or a window moved, before the time that it gave.
  if (change.heldUntil !== undefined) return news.isCatalogueNew && isPastApproval(change) ? 'ask-again' : 'none'
  const mayGo = holdsOf(change).every(({ endedBy }) => {
    if (endedBy.kind === 'person') return false
    if (endedBy.kind === 'time') return endedBy.at <= news.now
    return endedBy.name === 'catalogue-loaded'
      ? news.isCatalogueNew || isPastApproval(change)
      : mayBeAskedAgain[endedBy.name]
  })
  return mayGo ? 'ask-again' : 'none'
}

/** Gates whose answer only another plan or ballot changes: the approval, and the documents that the plan pins. */
const endedByPlanning = ['approval', 'documents']

/** Before its first ring, held for nothing else, and its plan was approved once: people wanted it then. */
const isToReplan = (change: Change): boolean =>
  change.ring === undefined &&
  isPastApproval(change) &&
  (change.heldFor ?? []).length > 0 &&
  // One whose facts cannot be read is not replanned: they may be as they were.
  holdsOf(change).every(({ gate, endedBy }) => endedByPlanning.includes(gate) && endedBy.kind === 'person')

/** Whether the gates of its next ring hold it. */
export const isPastApproval = ({ heldFrom }: Change): boolean =>
  heldFrom === 'approved' || heldFrom === 'scheduled' || heldFrom === 'in-progress' || heldFrom === 'validating'

export interface StuckFacts {
  readonly change: Change
  /** When the ballot of a change that awaits approval closes; undefined if unknown. */
  readonly ballotDeadlineAt: string | undefined
  /** ISO 8601 instant, UTC. */
  readonly now: string
  readonly stuckAfterMinutes: number
}

/**
 * Whether a change should have moved `stuckAfterMinutes` ago: since its last move, since its hold ended, or since its
 * ballot closed.
 *
 * One held for a person or a trigger is not stuck: it is reported as held.
 */
export function isStuck({ change, ballotDeadlineAt, now, stuckAfterMinutes }: StuckFacts): boolean {
  const since = movesSince(change, ballotDeadlineAt)
  return since !== undefined && msBetween(since, now) > stuckAfterMinutes * 60_000
}

function movesSince(change: Change, ballotDeadlineAt: string | undefined): string | undefined {
  if (change.state === 'held') return change.heldUntil
  if (change.state === 'assessed' && change.deferred && change.dueAt === undefined) return change.deferred.until
  return change.state === 'awaiting-approval' ? (ballotDeadlineAt ?? change.updatedAt) : change.updatedAt
}

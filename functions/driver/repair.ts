/** What a reconciler does about an open change: everything that a lost event, a dead driver or a passed hold left behind. */
import { type Change, holdsOf } from '../changes/index.ts'
import { msBetween } from '../kit/time.ts'

/** `ask-again`: what holds it may be over, so it is asked again; `none`: it waits for a time to come or for a person. */
export type Repair = 'none' | 'ensure-driver' | 'ask-again'

/** What may have ended a hold since the last look. */
export interface HoldNews {
  /** ISO 8601 instant, UTC. */
  readonly now: string
  /** Whether another catalogue was loaded since the reconciler last looked at every change. */
  readonly isCatalogueNew: boolean
}

/** Gates of a rollout are asked themselves whether they still hold; of what other rooms hold for, only the catalogue tells. */
const mayBeAskedAgain = { 'evidence-filed': true, 'facts-readable': true, 'probes-healthy': true } as const

/** A held change goes on once every hold of it may have ended; any other open change has a driver or gets one. */
export function repairOf(change: Change, news: HoldNews): Repair {
  if (change.state !== 'held') return 'ensure-driver'
  if (change.heldUntil !== undefined && change.heldUntil <= news.now) return 'ensure-driver'
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

/** Whether the gates of its next ring say what holds it. */
export const isPastApproval = ({ heldFrom }: Change): boolean =>
  heldFrom === 'approved' || heldFrom === 'scheduled' || heldFrom === 'in-progress' || heldFrom === 'validating'

export interface StuckFacts {
  readonly change: Change
  /** When the ballot of a change that awaits approval closes; undefined where that cannot be told. */
  readonly ballotDeadlineAt: string | undefined
  /** ISO 8601 instant, UTC. */
  readonly now: string
  readonly stuckAfterMinutes: number
}

/**
 * Whether a change should have moved `stuckAfterMinutes` ago: since its last move, since its hold ended, or since its ballot closed.
 *
 * One that is held for a person or a trigger is not stuck: it is told of as held.
 */
export function isStuck({ change, ballotDeadlineAt, now, stuckAfterMinutes }: StuckFacts): boolean {
  const since = movesSince(change, ballotDeadlineAt)
  return since !== undefined && msBetween(since, now) > stuckAfterMinutes * 60_000
}

function movesSince(change: Change, ballotDeadlineAt: string | undefined): string | undefined {
  if (change.state === 'held') return change.heldUntil
  return change.state === 'awaiting-approval' ? (ballotDeadlineAt ?? change.updatedAt) : change.updatedAt
}

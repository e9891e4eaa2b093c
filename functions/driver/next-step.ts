/** What a change needs next, read from the ledger alone, so that any driver can take over from a dead one. */
import { type Change, terminalStates } from '../changes/index.ts'
import { msBetween } from '../kit/time.ts'
import type { Deferral } from '../planning/index.ts'
import type { RingSummary } from '../rollout/index.ts'
import type { Validation } from '../validation/index.ts'

export type NextStep =
  | { readonly step: 'wait'; readonly seconds: number }
  | { readonly step: 'plan' | 'approve' | 'close' | 'release' | 'park' | 'done' }
  | { readonly step: 'hold'; readonly because: string }
  | { readonly step: 'defer'; readonly until: string; readonly because: string }
  /** `advance`: the ring succeeded while its change could not move, as when it was held: it moves now. */
  | { readonly step: 'deploy' | 'validate' | 'advance'; readonly ring: string }
  | { readonly step: 'roll-back'; readonly ring: string; readonly reason: string }

export interface NextStepFacts {
  readonly change: Change
  /** Ring names of the plan in order; empty before planning. */
  readonly rings: readonly string[]
  /** The ring in work; undefined before it is opened. */
  readonly ring: Pick<RingSummary, 'state' | 'because' | 'endedAt'> | undefined
  /** The validation of the ring in work; undefined before it is started. */
  readonly validation: Pick<Validation, 'state' | 'because'> | undefined
  readonly gatherSeconds: number
  /** Until when the change waits for its service's next routine cycle, if it does. */
  readonly deferral?: Deferral | undefined
  readonly now: string
}

/** Longest single wait, so that a driver reads the ledger at least daily. */
const waitSecondsMax = 86_400

/** The next step of a change. Every state has one; an unknown situation holds. */
export function nextStep(facts: NextStepFacts): NextStep {
  const { change } = facts
  if (terminalStates.includes(change.state)) return { step: 'done' }
  switch (change.state) {
    case 'draft':
      return { step: 'wait', seconds: 5 }
    case 'assessed':
      return gather(facts)
    case 'planned':
      return { step: 'plan' }
    case 'in-review':
    case 'awaiting-approval':
      return { step: 'approve' }
    case 'approved':
    case 'scheduled':
      return nextRing(facts)
    case 'in-progress':
      return inProgress(facts)
    case 'validating':
      return validating(facts)
    case 'held':
      return held(facts)
    default:
      return { step: 'hold', because: `no step is defined for state ${change.state}` }
  }
}

const secondsUntil = (instant: string, now: string) => Math.max(0, Math.ceil(msBetween(now, instant) / 1000))

function gather({ change, gatherSeconds, deferral, now }: NextStepFacts): NextStep {
  if (deferral && deferral.until > now) {
    if (change.deferred?.until !== deferral.until) return { step: 'defer', ...deferral }
    return { step: 'wait', seconds: Math.min(secondsUntil(deferral.until, now), waitSecondsMax) }
  }
  const left = gatherSeconds - secondsUntil(now, change.openedAt)
  return left > 0 ? { step: 'wait', seconds: Math.min(left, waitSecondsMax) } : { step: 'plan' }
}

function nextRing({ change, rings }: NextStepFacts): NextStep {
  if (rings.length === 0) return { step: 'hold', because: 'the plan has no ring' }
  const ring = rings.find((name) => !change.ringsDone.includes(name))
  return ring === undefined ? { step: 'close' } : { step: 'deploy', ring }
}

/**
 * Ring and change are committed together, and read one after the other: DynamoDB may show the newer ring beside the
 * older change.
 */
const settleSecondsMax = 60

function inProgress({ change, ring, now }: NextStepFacts): NextStep {
  if (change.ring === undefined) return { step: 'hold', because: 'in progress without a ring' }
  switch (ring?.state) {
    case undefined:
    case 'open':
    // A stop held the change, and it was released since: its ring opens again, after its gates.
    case 'stopped':
      return { step: 'deploy', ring: change.ring }
    case 'failed':
    case 'halted':
      return { step: 'roll-back', ring: change.ring, reason: ring.because ?? `ring ${change.ring} ${ring.state}` }
    default:
      if (ring?.endedAt === undefined)
        return { step: 'hold', because: `ring ${change.ring} ${ring?.state} at an unknown time` }
      if (secondsUntil(now, ring.endedAt) < settleSecondsMax) return { step: 'wait', seconds: 2 }
      return { step: 'advance', ring: change.ring }
  }
}

function validating(facts: NextStepFacts): NextStep {
  const { change, validation } = facts
  if (change.ring === undefined) return { step: 'hold', because: 'validating without a ring' }
  if (change.ringsDone.includes(change.ring)) return nextRing(facts)
  if (validation?.state === 'failed')
    return { step: 'roll-back', ring: change.ring, reason: validation.because ?? 'validation failed' }
  // An inconclusive validation has already held the change; once released it is validated again.
  return { step: 'validate', ring: change.ring }
}

function held({ change, now }: NextStepFacts): NextStep {
  if (change.heldUntil === undefined) return { step: 'park' }
  const seconds = secondsUntil(change.heldUntil, now)
  return seconds > 0 ? { step: 'wait', seconds: Math.min(seconds, waitSecondsMax) } : { step: 'release' }
}

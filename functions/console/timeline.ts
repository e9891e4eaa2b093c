/** What happened to a change, in order, from the ledger's records. */

import type { Ballot } from '../approvals/index.ts'
import { type Change, namedVulnerabilities } from '../changes/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { msBetween } from '../kit/time.ts'
import type { RingSummary } from '../rollout/index.ts'
import type { Validation } from '../validation/index.ts'
import { ringTitle } from './rings.ts'
import { instantText } from './text.ts'

export interface Moment {
  readonly at: string
  readonly what: string
  readonly who: string
  readonly note: string
}

export interface Story {
  readonly change: Change
  readonly ballot: Ballot | undefined
  readonly rings: readonly RingSummary[]
  readonly validations: readonly Validation[]
}

const own = 'drydock'

/** Whole seconds from one instant to a later one; negative when it is earlier. */
export const secondsBetween = (from: string, to: string): number => Math.round(msBetween(from, to) / 1000)

/** Oldest first. */
export function timelineOf({ change, ballot, rings, validations }: Story): readonly Moment[] {
  const moments: readonly Moment[] = [
    { at: change.openedAt, what: 'opened', who: change.requester, note: namedVulnerabilities(change).join(', ') },
    ...(ballot ? ballotMoments(ballot) : []),
    ...rings.flatMap(ringMoments),
    ...validations.flatMap(validationMoments),
    {
      at: change.updatedAt,
      what: `is ${change.state.replaceAll('-', ' ')}`,
      who: own,
      note: change.heldBecause ?? change.outcome ?? '',
    },
  ]
  return moments.toSorted(byTextOf(({ at }) => at))
}

function ballotMoments(ballot: Ballot): readonly Moment[] {
  const asked = ballot.asked.map(({ personId }) => personId).join(', ')
  return [
    {
      at: ballot.openedAt,
      what: 'votes asked for',
      who: own,
      note: `${asked}; needed: ${ballot.roles.join(', ')}; until ${instantText(ballot.deadlineAt)}`,
    },
    ...ballot.asked.flatMap(({ personId, remindedAt }) =>
      remindedAt ? [{ at: remindedAt, what: 'reminded', who: own, note: personId }] : [],
    ),
    ...ballot.asked.flatMap(({ personId, lockedAt }) =>
      lockedAt ? [{ at: lockedAt, what: 'link locked', who: personId, note: 'too many wrong codes' }] : [],
    ),
    ...ballot.answers.map(({ at, choice, personId, comment }) => ({
      at,
      what: choice === 'approve' ? 'approved' : 'rejected',
      who: personId,
      note: comment,
    })),
    ...(ballot.outcome === 'expired' && ballot.decidedAt
      ? [{ at: ballot.decidedAt, what: 'votes expired', who: own, note: '' }]
      : []),
  ]
}

const ringName = (ring: RingSummary) => (ring.mode === 'rollback' ? ringTitle(ring) : `ring ${ring.name}`)

function ringMoments(ring: RingSummary): readonly Moment[] {
  return [
    { at: ring.openedAt, what: `${ringName(ring)} started`, who: own, note: '' },
    ...(ring.endedAt
      ? [
          {
            at: ring.endedAt,
            what: `${ringName(ring)} ${ring.state}`,
            who: own,
            note: ring.because ?? '',
          },
        ]
      : []),
  ]
}

function validationMoments({ ring, soakStartedAt, looks }: Validation): readonly Moment[] {
  return [
    { at: soakStartedAt, what: 'soak started', who: own, note: ring },
    ...looks.map(({ at, verdict, reasons }) => ({
      at,
      what: `canary look: ${verdict}`,
      who: own,
      note: `${ring}: ${reasons.join('. ')}`,
    })),
  ]
}

/** What a reconciler does about each open change: everything that a lost event, a dead driver or a passed hold left behind. */

import type { Change } from '../changes/index.ts'
import { msBetween } from '../kit/time.ts'

export type Repair = 'none' | 'restart-driver'

export interface ReconcileFacts {
  readonly change: Change
  readonly isDriverRunning: boolean
  readonly now: string
  readonly stuckAfterMinutes: number
}

/** A held change with no known end waits for a person; every other open change has a driver or gets one. */
export function repairOf({ change, isDriverRunning, now }: ReconcileFacts): Repair {
  if (isDriverRunning) return 'none'
  if (change.state === 'held' && (change.heldUntil === undefined || change.heldUntil > now)) return 'none'
  return 'restart-driver'
}

/** Stuck: neither held nor waiting for people, and not moved for `stuckAfterMinutes`. The count feeds an alarm. */
export function isStuck({ change, now, stuckAfterMinutes }: ReconcileFacts): boolean {
  if (change.state === 'held' || change.state === 'awaiting-approval') return false
  return msBetween(change.updatedAt, now) > stuckAfterMinutes * 60_000
}

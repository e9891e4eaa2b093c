/** 7.3: the RTO of a rollback runs in the open; people are told before it is missed, and once. */
import { msBetween } from '../kit/time.ts'
import type { Ring } from './ring.ts'

/** Of the time that there is; what is left is for people to act in. */
const escalateAfterShare = 0.6

/** The ring with a note that people are told, when its rollback still runs and the RTO comes near. */
export function escalated(ring: Ring, at: string): Ring {
  if (ring.mode !== 'rollback' || ring.state !== 'open') return ring
  if (ring.rtoDeadlineAt === undefined || ring.rtoEscalatedAt !== undefined) return ring
  const share = msBetween(ring.openedAt, at) / Math.max(1, msBetween(ring.openedAt, ring.rtoDeadlineAt))
  return share < escalateAfterShare ? ring : { ...ring, rtoEscalatedAt: at }
}

/** What people need to know: how long is left, and which hosts are not restored yet. */
export function escalationOf({ hosts, rtoDeadlineAt = '' }: Ring, at: string) {
  const left = Object.entries(hosts).filter(([, { state }]) => state === 'waiting' || state === 'sent')
  return {
    rtoDeadlineAt,
    secondsLeft: Math.round(msBetween(at, rtoDeadlineAt) / 1000),
    hostsLeft: left.length,
    hostIds: left.map(([hostId]) => hostId).slice(0, 50),
  }
}

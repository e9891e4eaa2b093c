/** 7.3: people are warned once, before the RTO of a rollback is missed. */
import { msBetween } from '../kit/time.ts'
import type { Ring } from './ring.ts'

/** Share of the RTO after which people are warned; they act in the rest. */
const escalateAfterShare = 0.6

/** The ring marked as escalated, if its rollback is still running near the RTO. */
export function escalated(ring: Ring, at: string): Ring {
  if (ring.mode !== 'rollback' || ring.state !== 'open') return ring
  if (ring.rtoDeadlineAt === undefined || ring.rtoEscalatedAt !== undefined) return ring
  const share = msBetween(ring.openedAt, at) / Math.max(1, msBetween(ring.openedAt, ring.rtoDeadlineAt))
  return share < escalateAfterShare ? ring : { ...ring, rtoEscalatedAt: at }
}

/** The facts for people: time left, and hosts not restored yet. */
export function escalationOf({ hosts, rtoDeadlineAt = '' }: Ring, at: string) {
  const left = Object.entries(hosts).filter(([, { state }]) => state === 'waiting' || state === 'sent')
  return {
    rtoDeadlineAt,
    secondsLeft: Math.round(msBetween(at, rtoDeadlineAt) / 1000),
    hostsLeft: left.length,
    hostIds: left.map(([hostId]) => hostId).slice(0, 50),
  }
}

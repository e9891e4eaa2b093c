/** Host leases: one change works on a host at a time, and a dead holder blocks nobody. */
import * as z from 'zod'
import { keys } from '../kit/keys.ts'
import type { Move, RecordKind, Stored } from '../kit/ledger.ts'

export const Lease = z.strictObject({
  hostId: z.string(),
  changeId: z.string(),
  ring: z.string(),
  services: z.array(z.string()),
  /** Fencing token, which grows with each holder; a holder with an older one has lost the host. */
  fencingToken: z.number().int().min(1),
  takenAt: z.string(),
  expiresAtMs: z.number(),
  isReleased: z.boolean(),
})
export type Lease = z.infer<typeof Lease>

/** The lease of a host, one record per host. */
export const LeaseRecord: RecordKind<Lease> = { kind: 'lease', schema: Lease }

export interface LeaseWish {
  readonly hostId: string
  readonly changeId: string
  readonly ring: string
  readonly services: readonly string[]
  readonly at: string
  readonly nowMs: number
  readonly leaseSeconds: number
}

/** Expiry is checked here and never left to a TTL. */
export const isHeld = (lease: Lease, nowMs: number) => !lease.isReleased && lease.expiresAtMs > nowMs

/** The lease as taken or renewed, or its holder. */
export function takeLease(
  known: Lease | undefined,
  wish: LeaseWish,
): { lease: Lease } | { heldBy: string; untilMs: number } {
  const isOwn = known?.changeId === wish.changeId
  if (known && isHeld(known, wish.nowMs) && !isOwn) return { heldBy: known.changeId, untilMs: known.expiresAtMs }
  return {
    lease: {
      hostId: wish.hostId,
      changeId: wish.changeId,
      ring: wish.ring,
      services: [...wish.services],
      fencingToken: known && isOwn && !known.isReleased ? known.fencingToken : (known?.fencingToken ?? 0) + 1,
      takenAt: known && isOwn && !known.isReleased ? known.takenAt : wish.at,
      expiresAtMs: wish.nowMs + wish.leaseSeconds * 1000,
      isReleased: false,
    },
  }
}

export const leaseMove = (read: Stored<Lease> | undefined, lease: Lease): Move => ({
  kind: 'lease',
  key: keys.lease(lease.hostId),
  from: read?.version ?? 0,
  value: lease,
})

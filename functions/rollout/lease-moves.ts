/**
 * Leases of the hosts that a pass moves: read by key, taken for hosts sent out, released for hosts whose work is over.
 */
import { keys } from '../kit/keys.ts'
import type { Ledger, Move, Stored } from '../kit/ledger.ts'
import { isHeld, type Lease, LeaseRecord, leaseMove, takeLease } from './lease.ts'
import { isFinal, movedHosts, type Ring } from './ring.ts'

export type Leases = Map<string, Stored<Lease> | undefined>

/** Reads the leases not read yet; strongly consistent. */
export async function readLeases(hostIds: readonly string[], known: Leases, ledger: Ledger): Promise<void> {
  await Promise.all(
    hostIds
      .filter((hostId) => !known.has(hostId))
      .map(async (hostId) => known.set(hostId, await ledger.read(LeaseRecord, keys.lease(hostId)))),
  )
}

/** Those hosts that another change now holds. */
export const heldBySomeoneElse = (hostIds: readonly string[], leases: Leases, changeId: string, nowMs: number) =>
  hostIds.filter((hostId) => {
    const lease = leases.get(hostId)?.value
    return lease !== undefined && lease.changeId !== changeId && isHeld(lease, nowMs)
  })

const isOwn = ({ changeId, isReleased }: Lease, ring: Ring) => changeId === ring.changeId && !isReleased

export interface LeaseTaking {
  readonly before: Ring
  readonly after: Ring
  readonly leases: Leases
  readonly servicesOf: (hostId: string) => readonly string[]
  readonly at: string
  readonly nowMs: number
  readonly leaseSeconds: number
}

/**
 * A lease outlasts the command that it was taken for, so that nobody else works on a host that still works for us; one
 * with more than half of its length to spare is left as it is.
 */
export function leaseMoves({
  before,
  after,
  leases,
  servicesOf,
  at,
  nowMs,
  leaseSeconds,
}: LeaseTaking): Move[] | 'held' {
  const moves: Move[] = []
  for (const [hostId, host] of movedHosts(before, after)) {
    const known = leases.get(hostId)
    if (isFinal(host)) {
      if (known && isOwn(known.value, after)) moves.push(leaseMove(known, { ...known.value, isReleased: true }))
      continue
    }
    if (host.state !== 'sent') continue
    const deadlineMs = after.commands[host.intentId ?? '']?.deadlineMs ?? nowMs
    const isLasting = known !== undefined && known.value.expiresAtMs >= deadlineMs + leaseSeconds * 500
    if (isLasting && isOwn(known.value, after) && known.value.ring === after.name) continue
    const taken = takeLease(known?.value, {
      hostId,
      changeId: after.changeId,
      ring: after.name,
      services: servicesOf(hostId),
      at,
      nowMs,
      leaseSeconds: leaseSeconds + Math.ceil((deadlineMs - nowMs) / 1000),
    })
    if ('heldBy' in taken) return 'held'
    moves.push(leaseMove(known, taken.lease))
  }
  return moves
}

/** Hosts that a rollback can only look at. */
import type { HostProgress, Ring } from './ring.ts'

/**
 * 7.4: a host of which the plan does not know what to return it to has its state collected like any other; then it is
 * set aside for people, instead of counting as restored by a rollback that finds nothing to do.
 */
export const setAside = (ring: Ring, hostId: string, next: HostProgress): HostProgress =>
  next.step === 'rollback' && next.state === 'waiting' && (ring.packagesByHost[hostId] ?? '') === ''
    ? { ...next, state: 'quarantined', because: 'the plan has no way back for it' }
    : next

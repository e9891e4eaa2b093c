/** Hosts whose previous version is unknown: a rollback can only collect their state. */
import { ownValue } from '../kit/table.ts'
import type { HostProgress, Ring } from './ring.ts'

/**
 * 7.4: a host with no recorded previous version still has its state collected, and is then quarantined, instead of
 * counting as restored by a rollback that finds nothing to do.
 */
export const quarantineUnknown = (ring: Ring, hostId: string, next: HostProgress): HostProgress =>
  next.step === 'rollback' && next.state === 'waiting' && (ownValue(ring.packagesByHost, hostId) ?? '') === ''
    ? { ...next, state: 'quarantined', because: 'the plan has no previous version for it' }
    : next

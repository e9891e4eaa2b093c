/** When a ring ends, and what its end says about its hosts. */

import { heldEvent } from '../changes/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { counted } from '../kit/display-text.ts'
import { isDoubting } from './doubt.ts'
import type { GateVerdict } from './gates/gates.ts'
import { type HostProgress, isFinal, type Ring } from './ring.ts'

const hostsCounted = (ring: Ring, states: readonly HostProgress['state'][]) =>
  Object.values(ring.hosts).filter(({ state }) => states.includes(state)).length

/** Failures that count against the ring's own budget: everything but proven. AWS counts fewer, see docs/errors/DD1801.md. */
export const failuresOf = (ring: Ring) => hostsCounted(ring, ['failed', 'skipped', 'quarantined'])

/** Hosts that were never proven, for the change's record; F29: gone ones are reported, but are not failures. */
export const quarantinedOf = (ring: Ring) =>
  Object.entries(ring.hosts)
    .filter(([, host]) => isFinal(host) && host.state !== 'done')
    .map(([hostId, { state, step, because }]) => ({
      hostId,
      reason: `${state} at ${step}: ${because ?? 'no reason given'}`,
    }))
    .sort(byTextOf(({ hostId }) => hostId))

/** Ends the ring when nothing is in flight and nothing may start any more; a doubt of the gates is waited for a while. */
export function endRing(ring: Ring, canStart: boolean, gates: GateVerdict, at: string): Ring {
  if (ring.state !== 'open' || hostsCounted(ring, ['sent']) > 0) return ring
  const failures = failuresOf(ring)
  const end = (state: Ring['state'], because?: string): Ring => ({
    ...ring,
    state,
    endedAt: at,
    ...(because === undefined ? {} : { because }),
  })
  if (ring.mode === 'rollback') {
    if (Object.values(ring.hosts).every(isFinal))
      return failures > 0
        ? end(
            'failed',
            `${counted(failures, 'host')} could not be restored and ${failures === 1 ? 'is' : 'are'} quarantined`,
          )
        : end('succeeded')
    return ring
  }
  if (failures > ring.failureBudget)
    return end(
      'halted',
      `${failures} failed, the ring's budget is ${ring.failureBudget}${ring.because ? `: ${ring.because}` : ''}`,
    )
  if (Object.values(ring.hosts).every(isFinal)) return end('succeeded')
  const stopped = gates.verdict === 'hold' ? end('stopped', heldEvent(gates.holds).because) : undefined
  if (stopped && isDoubting(ring, at)) return ring
  if (stopped && (!canStart || (gates.verdict === 'hold' && gates.leaves === 'nothing'))) return stopped
  if (canStart) return ring
  return end('halted', 'failed hosts have used up what may be unavailable: no other host can go')
}

/** Holds that may be over in a moment: an open ring starts nothing meanwhile, and waits a while before it ends for them. */
import { msBetween } from '../kit/time.ts'
import type { GateVerdict } from './gates/gates.ts'
import type { Ring } from './ring.ts'

/** Four sweeps; then the change is held, and the reconciler asks the gates every five minutes. */
export const doubtMsMax = 120_000

/** Seconds after which a ring that has just begun to doubt looks again by itself. */
export const doubtLookSeconds = 15

const passing: readonly string[] = ['facts-readable', 'evidence-filed']

/** Whether all that holds is a fact that could not be read, or evidence that is late. */
const isDoubt = (gates: GateVerdict): boolean =>
  gates.verdict === 'hold' &&
  gates.holds.every(({ endedBy }) => endedBy.kind === 'trigger' && passing.includes(endedBy.name))

/** The ring with the instant at which its doubt began, for as long as it lasts. */
export function doubted(ring: Ring, gates: GateVerdict, at: string): Ring {
  if (ring.state === 'open' && isDoubt(gates))
    return ring.doubtedSince === undefined ? { ...ring, doubtedSince: at } : ring
  const { doubtedSince, ...rest } = ring
  return doubtedSince === undefined ? ring : rest
}

/** Whether the ring still waits for its doubt to pass. */
export const isDoubting = ({ doubtedSince }: Ring, at: string): boolean =>
  doubtedSince !== undefined && msBetween(doubtedSince, at) < doubtMsMax

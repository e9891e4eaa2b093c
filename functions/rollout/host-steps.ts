/** Steps that ended, kept with their host while it is in work, and recorded in the execution log once it is not. */
import type { Move } from '../kit/ledger.ts'
import { ownValue } from '../kit/table.ts'
import { isFinal, movedHosts, type Ring } from './ring.ts'
import type { StepEnd } from './step-end.ts'
import { endedStep, stepsMove } from './step-log.ts'

/** The ring with the ends of these steps beside their hosts. */
export function withEnds(ring: Ring, ends: readonly StepEnd[], at: string): Ring {
  if (ends.length === 0) return ring
  const endedSteps = { ...ring.endedSteps }
  for (const end of ends) endedSteps[end.hostId] = [...(endedSteps[end.hostId] ?? []), endedStep(end, at)]
  return { ...ring, endedSteps }
}

/** The ring without the steps of hosts whose work is over, and the records of the log that have them now. */
export function logged(before: Ring, ring: Ring): { readonly ring: Ring; readonly moves: readonly Move[] } {
  const { endedSteps, ...rest } = ring
  if (!endedSteps) return { ring, moves: [] }
  const over = movedHosts(before, ring).flatMap(([hostId, host]) => {
    const steps = isFinal(host) ? ownValue(endedSteps, hostId) : undefined
    return steps ? [[hostId, steps] as const] : []
  })
  if (over.length === 0) return { ring, moves: [] }
  const names = new Set(over.map(([hostId]) => hostId))
  const left = Object.fromEntries(Object.entries(endedSteps).filter(([hostId]) => !names.has(hostId)))
  return {
    ring: Object.keys(left).length > 0 ? { ...rest, endedSteps: left } : rest,
    moves: over.map(([hostId, steps]) => stepsMove(hostId, steps, ring)),
  }
}

/**
 * The list of gates, asked before a ring opens, in every pass over an open one, and by the reconciler; all reasons are
 * shown.
 */
import type { HoldReason } from '../../changes/index.ts'
import { approvalGate } from './approval.ts'
import { calendarGate } from './calendar.ts'
import { documentsGate } from './documents.ts'
import { evidenceGate } from './evidence.ts'
import type { Gate, GateFacts } from './gate.ts'
import { planGate } from './plan.ts'
import { probesGate } from './probes.ts'
import { stopGate } from './stop.ts'

/** Every gate, in the order in which reasons are shown; a new gate is a file and a line here. */
export const gates: readonly Gate[] = [
  stopGate,
  evidenceGate,
  planGate,
  approvalGate,
  documentsGate,
  calendarGate,
  probesGate,
]

/** Go, or all reasons to hold; `leaves`: what an open ring may still do. */
export type GateVerdict =
  | { readonly verdict: 'go' }
  | {
      readonly verdict: 'hold'
      readonly leaves: Gate['leaves']
      readonly holds: readonly [HoldReason, ...HoldReason[]]
    }

/** I4, I13, I18, I20: asks every gate of this moment; a fact that is missing, unreadable or late holds. */
export function checkGates(facts: GateFacts, moment: Gate['isAskedAt']): GateVerdict {
  const asked = gates.filter(({ isAskedAt }) => moment === 'opening' || isAskedAt === moment)
  const held = asked.flatMap((gate) => {
    const hold = gate.check(facts)
    return hold ? [{ gate, reason: { gate: gate.name, ...hold } }] : []
  })
  const [first, ...others] = held.map(({ reason }) => reason)
  if (!first) return { verdict: 'go' }
  const leaves = held.some(({ gate }) => gate.leaves === 'nothing') ? 'nothing' : 'hosts-down'
  return { verdict: 'hold', leaves, holds: [first, ...others] }
}

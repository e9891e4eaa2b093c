/** F42, I20: everything done must be filed; while it cannot be, nothing further starts. */

import { type EvidenceHealth, isEvidenceHealthy } from '../../evidence/index.ts'
import { counted } from '../../kit/display-text.ts'
import { type Gate, heldByDoubt, heldUntilTrigger } from './gate.ts'

/** Holds on an archiver fault, on evidence that waits too long, and on any doubt about either. */
export const evidenceGate: Gate = {
  name: 'evidence',
  isAskedAt: 'every pass',
  leaves: 'hosts-down',
  check({ evidence }) {
    if (evidence.kind !== 'known') return heldByDoubt('the state of the evidence log', evidence)
    if (isEvidenceHealthy(evidence.value)) return undefined
    return heldUntilTrigger(faultOf(evidence.value), 'evidence-filed')
  },
}

function faultOf({ lastError, pending, headAgeSeconds }: EvidenceHealth): string {
  if (lastError !== undefined) return `evidence cannot be filed: ${lastError}`
  if (pending === undefined) return 'evidence cannot be filed: the outbox or the head of the log cannot be read'
  if (headAgeSeconds === undefined)
    return `evidence is late: ${counted(pending, 'transition')} waiting, for an unknown time`
  return `evidence is late: the oldest transition has waited for ${Math.round(headAgeSeconds)} s`
}

/** Commits a validation: its record, the change it moves, and the evidence of both, in one transaction. */
import { type ChangeEvent, changeEvidence, changeMove, heldEvent, moveChange } from '../changes/index.ts'
import { type EvidenceByPorts, evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Ledger, Move } from '../kit/ledger.ts'
import type { Clock } from '../kit/ports.ts'
import type { Contention } from '../kit/retried.ts'
import type { RingName, Subject } from './subject.ts'
import type { Validation } from './validation.ts'

export interface FilingPorts extends EvidenceByPorts {
  readonly ledger: Ledger
  readonly clock: Clock
}

/** What is reported where others move the change or its validation at every try. */
export const contention = ({ changeId }: RingName): Contention => ({
  code: 'DD1902',
  what: `validation of ${changeId}`,
})

/**
 * Replaces the version read with `next`. A pass validates the ring of the change, an inconclusive end holds the change;
 * otherwise the change must still be as it was read.
 *
 * @returns false when someone else moved either first; nothing was written then.
 */
export async function fileValidation(
  subject: Subject,
  next: Validation,
  at: string,
  ports: FilingPorts,
): Promise<boolean> {
  const event = changeEventOf(next)
  const moved = event && moveChange(subject.change.value, event, at)
  if (moved && 'refused' in moved) return false
  const evidence: EvidenceRecord = {
    ...evidenceBy(ports, at),
    type: `validation.${evidenceName(subject.validation?.value, next)}`,
    changeId: next.changeId,
    body: evidenceBody(next),
  }
  const result = await ports.ledger.commit({
    moves: [
      validationMove(subject, next),
      ...(moved && 'change' in moved ? [changeMove(subject.change, moved.change)] : []),
    ],
    checks: moved ? [] : [{ key: subject.change.key, from: subject.change.version }],
    evidence: [evidence, ...(event && moved ? [changeEvidence(moved.change, event, evidenceBy(ports, at))] : [])],
  })
  return 'committed' in result
}

function changeEventOf({ state, ring, isCanary, because }: Validation): ChangeEvent | undefined {
  if (state === 'passed') return { type: 'ring-validated', ring }
  if (state === 'inconclusive')
    return heldEvent([
      {
        gate: 'validation',
        because: `${isCanary ? 'canary' : `validation of ring ${ring}`} inconclusive: ${because ?? ''}`,
        endedBy: { kind: 'person', role: 'service-owner' },
      },
    ])
  return undefined
}

const validationMove = ({ validation }: Subject, next: Validation): Move => ({
  kind: 'validation',
  key: keys.validation(next.changeId, next.ring),
  from: validation?.version ?? 0,
  value: next,
})

function evidenceName(before: Validation | undefined, next: Validation): string {
  if (next.state !== 'soaking') return next.state
  return before?.state === 'soaking' ? 'looked' : 'started'
}

/** The body of one more leaf: the outcome, and only the newest look and probes; older ones are in older leaves. */
function evidenceBody({
  ring,
  state,
  verdict,
  because,
  rounds,
  looks,
  probesAfter,
  agentsMissing,
  soakUntil,
}: Validation) {
  const look = looks.at(-1)
  const lastAt = probesAfter.at(-1)?.at
  return {
    ring,
    state,
    ...(verdict === undefined ? {} : { verdict }),
    ...(because === undefined ? {} : { because }),
    rounds,
    soakUntil,
    agentsMissing,
    ...(look === undefined ? {} : { look: { ...look, number: looks.length } }),
    probes: probesAfter.filter((probe) => probe.at === lastAt),
  }
}

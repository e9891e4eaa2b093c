/**
 * Takes a finding out of a change that ended while it joined, and has it assessed again.
 *
 * A finding that its change already covers joins without a condition on the change's head (ADR 81), so it can land just
 * after the change ended: then no plan, no account of its findings and no later change would have it.
 */
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { Nudges } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { AssessmentRecord } from '../risk/index.ts'
import { ChangeRecord } from './change.ts'
import { JoinedFindingRecord } from './joined-finding.ts'
import type { MovePorts } from './move-change.ts'
import { terminalStates } from './reducer.ts'

/** What undoing needs from outside. */
export interface UndoPorts extends MovePorts {
  readonly nudges: Nudges
}

/** After a join without a condition: undoes it if the change has ended, by a strongly consistent read. */
export async function undoIfEnded(changeId: string, findingId: string, ports: UndoPorts): Promise<void> {
  const change = await ports.ledger.read(ChangeRecord, keys.change(changeId))
  if (change && terminalStates.includes(change.value.state)) await undoJoin(changeId, findingId, ports)
}

/**
 * Undoes a join, unless it was undone already or the finding is in another change by now. The nudge comes last and is
 * sent in any case: run again, it finishes what a crash left undone.
 */
export async function undoJoin(changeId: string, findingId: string, ports: UndoPorts): Promise<void> {
  const { ledger, clock, nudges } = ports
  const [joined, assessment] = await Promise.all([
    ledger.read(JoinedFindingRecord, keys.joinedFinding(changeId, findingId)),
    ledger.read(AssessmentRecord, keys.assessment(findingId)),
  ])
  if (joined && assessment?.value.changeId === changeId) {
    // Not listed any more: the next assessment lists it under its host again.
    const value = { assessment: JSON.parse(JSON.stringify(assessment.value.assessment)) }
    await ledger.commit({
      moves: [{ kind: AssessmentRecord.kind, key: assessment.key, from: assessment.version, value }],
      drops: [{ key: joined.key, from: joined.version }],
      evidence: [
        {
          ...evidenceBy(ports, isoInstant(clock.nowMs())),
          type: 'change.join-undone',
          changeId,
          body: { findingId, because: 'the change ended while the finding joined it' },
        },
      ],
    })
  }
  await nudges.send('assess', { findingId })
}

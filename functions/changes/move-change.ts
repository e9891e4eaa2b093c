/** Moves a recorded change by one event, and retries when someone else moved it first. */
import { DrydockError } from '../kit/errors.ts'
import { type EvidenceByPorts, evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { Clock } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { type Change, ChangeRecord } from './change.ts'
import { type ChangeEvent, changeEvidence, changeMove, moveChange } from './reducer.ts'

/** What moving a change needs from outside. */
export interface MovePorts extends EvidenceByPorts {
  readonly ledger: Ledger
  readonly clock: Clock
}

/**
 * Moves a change and files the evidence, in one transaction.
 *
 * @returns the change as it stands after the move, or the refusal of the table of moves.
 * @throws DrydockError DD1501 when there is no such change, DD1502 when every try met another writer.
 */
export async function moveRecordedChange(
  changeId: string,
  event: ChangeEvent,
  ports: MovePorts,
  actor = 'drydock',
): Promise<{ change: Change } | { refused: string }> {
  const { ledger, clock } = ports
  return retried({ code: 'DD1502', what: `change ${changeId}` }, async () => {
    const read = await ledger.read(ChangeRecord, keys.change(changeId))
    if (!read) throw new DrydockError('DD1501', `change ${changeId} is not in the ledger`)
    const at = isoInstant(clock.nowMs())
    const moved = moveChange(read.value, event, at)
    if ('refused' in moved) return { refused: `${event.type} from ${read.value.state}` }
    const evidence = changeEvidence(moved.change, event, evidenceBy(ports, at, actor))
    const result = await ledger.commit({ moves: [changeMove(read, moved.change)], evidence: [evidence] })
    return 'committed' in result ? { change: moved.change } : undefined
  })
}

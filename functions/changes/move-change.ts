/** Moves a recorded change by one event, and retries when someone else moved it first. */
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { Clock, Ids } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { type Change, ChangeRecord } from './change.ts'
import { type ChangeEvent, changeEvidence, changeMove, moveChange } from './reducer.ts'

/** The ports for moving a change, and the account that its evidence names. */
export interface MovePorts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly ids: Ids
  /** The account that evidence names. */
  readonly account: string
}

/** Tries before a conflict is reported. */
const triesMax = 5

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
  const { ledger, clock, ids, account } = ports
  for (let tries = 0; tries < triesMax; tries++) {
    const read = await ledger.read(ChangeRecord, keys.change(changeId))
    if (!read) throw new DrydockError('DD1501', `change ${changeId} is not in the ledger`)
    const at = isoInstant(clock.nowMs())
    const moved = moveChange(read.value, event, at)
    if ('refused' in moved) return { refused: `${event.type} from ${read.value.state}` }
    const evidence = changeEvidence(moved.change, event, { leafId: ids.next(), at, account, actor })
    const result = await ledger.commit({ moves: [changeMove(read, moved.change)], evidence: [evidence] })
    if ('committed' in result) return { change: moved.change }
  }
  throw new DrydockError('DD1502', `change ${changeId} was moved by others ${triesMax} times in a row`)
}

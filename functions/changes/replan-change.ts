/** Plans a change again that could not go on: its ballot expired, people rejected it, its plan was refused, or it is held. */
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { Move, Stored } from '../kit/ledger.ts'
import type { Ids } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { type Change, ChangeRecord } from './change.ts'
import { OpenChangeRecord } from './coalesce.ts'
import type { MovePorts } from './move-change.ts'
import { changeEvidence, changeMove, moveChange, terminalStates } from './reducer.ts'

/** Why a change is not planned again; docs/changes.md says what to do then. */
export type ReplanRefusal =
  /** A ring of it was opened: hosts may have been touched. */
  | 'ring-opened'
  /** Its state has no use for it: it waits for votes, is in work, or has ended otherwise. */
  | 'not-from-this-state'
  /** Another change of the service and patch set is open, and takes its findings. */
  | 'another-is-open'

/** The change as it is planned again: itself, or the one that takes the place of an ended one. */
export type Replanned = { readonly change: Change } | { readonly refused: ReplanRefusal }

/** What planning again needs from outside. */
export type ReplanPorts = MovePorts & { readonly ids: Ids }

/** Ended without anything done: the work is still to do. */
const undone = ['expired', 'rejected']

/**
 * Moves the change back to `assessed`, from where its driver plans it and asks for votes; one that expired or was
 * rejected stays as it ended, and a new change with all of its findings takes its place. Votes on another plan, and
 * those of a ballot that ended, do not count.
 *
 * @throws DrydockError DD1501 when there is no such change, DD1502 when every try met another writer.
 */
export async function replanChange(
  changeId: string,
  because: string,
  ports: ReplanPorts,
  actor = 'drydock',
): Promise<Replanned> {
  return retried({ code: 'DD1502', what: `change ${changeId}` }, async () => {
    const read = await ports.ledger.read(ChangeRecord, keys.change(changeId))
    if (!read) throw new DrydockError('DD1501', `change ${changeId} is not in the ledger`)
    if (read.value.ring !== undefined) return { refused: 'ring-opened' }
    const by = { because, actor }
    return undone.includes(read.value.state) ? replaceEnded(read.value, by, ports) : moveBack(read, by, ports)
  })
}

interface By {
  readonly because: string
  readonly actor: string
}

async function moveBack(read: Stored<Change>, by: By, ports: ReplanPorts): Promise<Replanned | undefined> {
  return commit(read.value, by, ports, (next) => [changeMove(read, next)])
}

async function replaceEnded(ended: Change, by: By, ports: ReplanPorts): Promise<Replanned | undefined> {
  const { ledger, ids, clock } = ports
  const key = keys.openChange(ended.service, ended.patchSet)
  const pointer = await ledger.read(OpenChangeRecord, key)
  const newest = pointer && (await ledger.read(ChangeRecord, keys.change(pointer.value.changeId)))
  if (newest && !terminalStates.includes(newest.value.state)) return { refused: 'another-is-open' }
  const { planHash: _, outcome: __, findingIds: ___, ...kept } = ended
  const openedAt = isoInstant(clock.nowMs())
  const start: Change = { ...kept, changeId: ids.next(), state: 'draft', supersedes: ended.changeId, openedAt }
  return commit(start, by, ports, (next) => [
    changeMove(undefined, next),
    { kind: OpenChangeRecord.kind, key, from: pointer?.version ?? 0, value: { changeId: next.changeId } },
  ])
}

async function commit(
  from: Change,
  { because, actor }: By,
  ports: ReplanPorts,
  movesOf: (next: Change) => readonly Move[],
): Promise<Replanned | undefined> {
  const at = isoInstant(ports.clock.nowMs())
  const { supersedes } = from
  const event = { type: 'replanned', because, ...(from.state === 'draft' && supersedes ? { supersedes } : {}) } as const
  const moved = moveChange(from, event, at)
  if ('refused' in moved) return { refused: 'not-from-this-state' }
  const evidence = [changeEvidence(moved.change, event, evidenceBy(ports, at, actor))] as const
  const result = await ports.ledger.commit({ moves: movesOf(moved.change), evidence })
  return 'committed' in result ? { change: moved.change } : undefined
}

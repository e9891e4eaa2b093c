/** A held change for people: which gates hold it, why, what ends each, and for how long it has been held. */
import { type Change, type HoldReason, holdEndInWords, holdsOf } from '../changes/index.ts'
import { msBetween } from '../kit/time.ts'

/** What ends the hold as a whole: a person if any reason needs one, else a trigger, else a time. */
export type EndKind = HoldReason['endedBy']['kind']

/** One held change. */
export interface HeldChange {
  readonly changeId: string
  readonly service: string
  readonly endedBy: EndKind
  readonly heldMinutes: number
  readonly holds: readonly { readonly gate: string; readonly because: string; readonly ends: string }[]
}

/** How a held change waits at `now`. */
export function heldChange(change: Change, now: string): HeldChange {
  const holds = holdsOf(change)
  return {
    changeId: change.changeId,
    service: change.service,
    endedBy: endKindOf(holds),
    heldMinutes: Math.floor(Math.max(0, msBetween(change.updatedAt, now)) / 60_000),
    holds: holds.map(({ gate, because, endedBy }) => ({ gate, because, ends: holdEndInWords(endedBy) })),
  }
}

const kinds = ['person', 'trigger', 'time'] as const

function endKindOf(holds: readonly HoldReason[]): EndKind {
  return kinds.find((kind) => holds.some(({ endedBy }) => endedBy.kind === kind)) ?? 'person'
}

/** Holds a change whose ring did not open, or did not end in time. */
import * as z from 'zod'
import { heldEvent, type MovePorts, moveRecordedChange } from '../changes/index.ts'
import { keys } from '../kit/keys.ts'
import type { RingSummary } from './ring.ts'
import { RingSummaryRecord } from './ring-record.ts'

export const HoldRing = z.strictObject({ changeId: z.string().length(26), ring: z.string() })
export type HoldRing = z.infer<typeof HoldRing>

const ended: readonly RingSummary['state'][] = ['succeeded', 'failed', 'halted']

/** A ring that ended meanwhile holds nothing: the driver goes on from its end. */
export async function run({ changeId, ring }: HoldRing, ports: MovePorts) {
  const known = await ports.ledger.read(RingSummaryRecord, keys.ring(changeId, ring))
  if (known && ended.includes(known.value.state)) return { outcome: known.value.state }
  const because = `ring ${ring} ${known?.value.state === 'open' ? 'did not end in time' : 'could not be opened'}`
  const reason = { gate: 'deadline', because, endedBy: { kind: 'person', role: 'operations' } } as const
  const moved = await moveRecordedChange(changeId, heldEvent([reason]), ports)
  return { outcome: 'change' in moved ? 'held' : moved.refused }
}

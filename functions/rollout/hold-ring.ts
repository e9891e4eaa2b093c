/** Holds a change whose ring did not end in time. */
import * as z from 'zod'
import { heldEvent, type MovePorts, moveRecordedChange } from '../changes/index.ts'

export const HoldRing = z.strictObject({ changeId: z.string().length(26), ring: z.string() })
export type HoldRing = z.infer<typeof HoldRing>

export async function run({ changeId, ring }: HoldRing, ports: MovePorts) {
  const because = `ring ${ring} did not end in time`
  const reason = { gate: 'deadline', because, endedBy: { kind: 'person', role: 'operations' } } as const
  const moved = await moveRecordedChange(changeId, heldEvent([reason]), ports)
  return { outcome: 'change' in moved ? 'held' : moved.refused }
}

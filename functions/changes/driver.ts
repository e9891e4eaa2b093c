/** Which execution drives a change: attempts are counted, so that each has a new name. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { isoInstant, msBetween } from '../kit/time.ts'

/** The execution that drives a change now; one that is not named here any more ends itself at its next step. */
export const DriverStart = z.strictObject({
  changeId: z.string().length(26),
  /** 0 for the first, one more for each successor. */
  attempt: z.number().int().min(0),
  startedAt: z.string(),
  /** Version of the change when it was started. */
  changeVersion: z.number().int().min(0),
  /** How many in a row ended soon after their start without moving the change. */
  quickEnds: z.number().int().min(0),
})
/** The execution that drives a change now. */
export type DriverStart = z.infer<typeof DriverStart>

/** Written when a driver is restarted; a change without this record has its first driver, or none yet. */
export const DriverRecord: RecordKind<DriverStart> = { kind: 'driver', schema: DriverStart }

/** The name of the execution; the first has the change's own. */
export const driverName = ({ changeId, attempt }: Pick<DriverStart, 'changeId' | 'attempt'>): string =>
  attempt === 0 ? changeId : `${changeId}-r${attempt}`

/** The change that an execution drives, by the execution's name. */
export const changeIdOfDriver = (name: string): string => name.slice(0, 26)

/** Seconds below which a driver counts as ended at once. */
const quickMsMax = 600_000
/**
 * Seconds before the next driver reads the ledger, by how many ended at once in a row: backoff for a fault that kills
 * each.
 */
const pauseSeconds = [0, 0, 5, 15, 60, 300] as const

/** The driver after `last`, and how many seconds it waits first. */
export function nextDriver(
  changeId: string,
  last: DriverStart | undefined,
  { changeVersion, nowMs }: { readonly changeVersion: number; readonly nowMs: number },
): { readonly next: DriverStart; readonly seconds: number } {
  const startedAt = isoInstant(nowMs)
  const isQuick =
    last !== undefined && last.changeVersion === changeVersion && msBetween(last.startedAt, startedAt) < quickMsMax
  const quickEnds = isQuick ? last.quickEnds + 1 : 0
  const next = { changeId, attempt: (last?.attempt ?? 0) + 1, startedAt, changeVersion, quickEnds }
  return { next, seconds: pauseSeconds[quickEnds] ?? 300 }
}

/** The execution log: one record per ended step on a host, found by host, and by change in order of time. */
import * as z from 'zod'
import { keys, lists } from '../kit/keys.ts'
import type { Move, RecordKind } from '../kit/ledger.ts'
import type { StepEnd } from './step-end.ts'

/** One step that ended on one host: command, status, outcome and times (ISO 8601, UTC). */
export const StepLog = z.strictObject({
  hostId: z.string(),
  changeId: z.string(),
  ring: z.string(),
  step: z.string(),
  attempt: z.number().int(),
  commandId: z.string(),
  status: z.string(),
  exitCode: z.number(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  outputLocation: z.string().optional(),
  outcome: z.string(),
  because: z.string().optional(),
  collected: z.strictObject({ sha256: z.string(), bytes: z.number(), isAttached: z.boolean() }).optional(),
})
/** One step that ended on one host. */
export type StepLog = z.infer<typeof StepLog>

/** The execution log, one record for each step that ended. */
export const StepLogRecord: RecordKind<StepLog> = { kind: 'step', schema: StepLog }

export function stepMove(end: StepEnd, changeId: string, ring: string, at: string): Move {
  const log: StepLog = { ...end, changeId, ring }
  const sk = `${at}#${end.hostId}#${end.step}#${end.attempt}`
  return {
    kind: 'step',
    key: keys.step(end.hostId, at, changeId, `${ring}.${end.step}.${end.attempt}`),
    from: 0,
    value: log,
    list: { pk: lists.stepsOf(changeId), sk },
  }
}

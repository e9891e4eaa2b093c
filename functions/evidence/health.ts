/** Whether evidence is being filed: the gates of a rollout ask this before anything starts (F42, I20). */
import type { Clock } from '../kit/ports.ts'
import { secondsSince } from './archive.ts'
import type { LogHead, Outbox } from './ports.ts'

/** How far filing lags behind the ledger; an unknown value is undefined, and so unhealthy. */
export interface EvidenceHealth {
  /** Seconds that the log lags behind the ledger; 0 when nothing waits, undefined if unknown. */
  readonly headAgeSeconds: number | undefined
  /** Transitions waiting, counted up to 200; undefined if unknown. */
  readonly pending: number | undefined
  /** Code of the fault that stopped the archiver. */
  readonly lastError?: string | undefined
}

/** Five runs of the schedule. */
export const headAgeSecondsMax = 300

/** False on any doubt: an error, an unknown count or age, or transitions that wait too long. */
export function isEvidenceHealthy({ headAgeSeconds, pending, lastError }: EvidenceHealth): boolean {
  if (lastError !== undefined) return false
  if (pending === undefined || !Number.isInteger(pending) || pending < 0) return false
  if (pending === 0) return true
  if (headAgeSeconds === undefined || !Number.isFinite(headAgeSeconds)) return false
  return headAgeSeconds <= headAgeSecondsMax
}

/** The log's health now; never throws, because what cannot be read is undefined and so unhealthy. */
export async function readEvidenceHealth({
  logHead,
  outbox,
  clock,
}: {
  readonly logHead: LogHead
  readonly outbox: Outbox
  readonly clock: Clock
}): Promise<EvidenceHealth> {
  try {
    const [{ head }, waiting] = await Promise.all([logHead.read(), outbox.pending(200)])
    const oldest = waiting[0]
    const ages = oldest ? [oldest.at, head.at].map((at) => secondsSince(at, clock.nowMs())) : [0]
    const headAgeSeconds = ages.some((age) => age === undefined) ? undefined : Math.min(...ages.map((age) => age ?? 0))
    return { headAgeSeconds, pending: waiting.length, lastError: head.lastError }
  } catch {
    return { headAgeSeconds: undefined, pending: undefined }
  }
}

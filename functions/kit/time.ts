/** Instants as text, and spans between them. Calendars and zones are `temporal-polyfill`'s, where a room needs them. */
import { DrydockError } from './errors.ts'

const instantPattern = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** An instant in milliseconds since the epoch as ISO 8601 UTC with milliseconds. */
export const isoInstant = (ms: number): string => new Date(ms).toISOString()

/**
 * Milliseconds since the epoch of an ISO 8601 instant; a part below a millisecond is dropped.
 *
 * @throws DrydockError DD1008 when the text is no instant, or says no zone: a local time is nobody's instant.
 * @see RFC 3339
 */
export function msOfInstant(instant: string): number {
  const [isShaped, year, month, day] = instantPattern.exec(instant) ?? []
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  const ms = isShaped && isDay ? Date.parse(instant) : Number.NaN
  if (Number.isNaN(ms)) throw new DrydockError('DD1008', `${JSON.stringify(instant)} is no instant`)
  return ms
}

/** From one instant to another; negative when `to` is earlier. */
export const msBetween = (from: string, to: string): number => msOfInstant(to) - msOfInstant(from)

/** The instant `ms` after another. */
export const instantAfter = (instant: string, ms: number): string => isoInstant(msOfInstant(instant) + ms)

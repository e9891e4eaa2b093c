/** What the calendar needs of SSM Change Calendar. */
import type { CalendarReading } from './reading.ts'

/** Asks for the states of calendars that SSM keeps. */
export interface CalendarStates {
  /** A reading for each name or ARN; never throws: what cannot be read is an `unknown` with its reason. */
  read(calendars: readonly string[], nowMs: number): Promise<ReadonlyMap<string, CalendarReading>>
}

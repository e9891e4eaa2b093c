/** What the calendar needs of SSM Change Calendar. */
import type { CalendarReading } from './reading.ts'

/** Reads the states of calendars that SSM keeps. */
export interface CalendarStates {
  /** A reading for each name or ARN; never throws: an unreadable one is `unknown` with its reason. */
  read(calendars: readonly string[], nowMs: number): Promise<ReadonlyMap<string, CalendarReading>>
}

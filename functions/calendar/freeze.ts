/** What closes a service to work: freezes by date and named calendars. */
import * as z from 'zod'
import { Name } from '../kit/name.ts'

/** A span in which the services named are not worked on. */
export const Freeze = z.strictObject({
  name: z.string(),
  /** Services frozen; empty: all. */
  services: z.array(Name).default([]),
  start: z.string(),
  end: z.string(),
  reason: z.string(),
})
export type Freeze = z.infer<typeof Freeze>

/** An iCalendar text (RFC 5545) under a name; an unreadable calendar counts as closed. */
export const NamedCalendar = z.strictObject({
  name: z.string(),
  /** Services closed by it; empty: all. */
  services: z.array(Name).default([]),
  ics: z.string().max(1_000_000),
})
export type NamedCalendar = z.infer<typeof NamedCalendar>

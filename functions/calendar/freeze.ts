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

/** A calendar that SSM keeps: the name of a document of the hub's own account, or an ARN. */
const changeCalendar = /^(?:arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:document\/)?[A-Za-z0-9_.-]{3,128}$/

/** A calendar under a name: an iCalendar text (RFC 5545), or one that SSM Change Calendar keeps; one that cannot be read counts as closed. */
export const NamedCalendar = z
  .strictObject({
    name: z.string(),
    /** Services closed by it; empty: all. */
    services: z.array(Name).default([]),
    ics: z.string().max(1_000_000).optional(),
    ssm: z.string().regex(changeCalendar, 'not the name or the ARN of an SSM document').optional(),
  })
  .refine(({ ics, ssm }) => (ics === undefined) !== (ssm === undefined), {
    message: 'a calendar has either ics (its text) or ssm (the name or ARN of an SSM Change Calendar)',
  })
export type NamedCalendar = z.infer<typeof NamedCalendar>

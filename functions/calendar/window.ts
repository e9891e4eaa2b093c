/** Weekly maintenance windows as a service declares them. */
import * as z from 'zod'

/** A weekly maintenance window in the service's own time zone. */
export const Window = z.strictObject({
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
  /** Local wall-clock time `HH:MM`. */
  start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  durationMinutes: z.number().int().min(1).max(1440),
  timeZone: z.string(),
})
export type Window = z.infer<typeof Window>

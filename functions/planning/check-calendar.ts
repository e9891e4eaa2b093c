/**
 * The calendar's gate before a ring opens: windows, freezes and calendars of every service whose hosts the ring takes
 * down.
 */

import { type CalendarReadings, type CalendarVerdict, mayStartOnAll } from '../calendar/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Plan } from './plan.ts'

export interface CalendarCheck {
  readonly plan: Plan
  readonly catalogue: Catalogue
  /** States of the calendars that SSM keeps; absent: they count as closed. */
  readonly readings?: CalendarReadings | undefined
  readonly service: string
  /** The ring to open; absent: all rings, with the duration of the longest. */
  readonly ring?: string
  /** Seconds of work; absent: the ring's expected duration. */
  readonly durationSeconds?: number
  readonly nowIso: string
  readonly isEmergency?: boolean
  readonly freezeOverriddenBy?: string | undefined
}

/** I13: go, or hold with the reason and, if known, until when. An unknown service or ring holds. */
export function checkCalendar({
  plan,
  catalogue,
  readings,
  service,
  ring,
  durationSeconds,
  nowIso,
  ...emergency
}: CalendarCheck): CalendarVerdict {
  const rings = plan.rings.filter(({ name }) => ring === undefined || name === ring)
  if (rings.length === 0)
    return { verdict: 'hold', because: ring === undefined ? 'the plan has no ring' : `the plan has no ring ${ring}` }
  const names = [...new Set([service, ...rings.flatMap(({ hosts }) => hosts.flatMap((host) => host.services))])].sort()
  const services = catalogue.services.filter(({ name }) => names.includes(name))
  const missing = names.filter((name) => !services.some((one) => one.name === name))
  if (missing.length > 0) return { verdict: 'hold', because: `no longer in the catalogue: ${missing.join(', ')}` }
  return mayStartOnAll({
    services,
    freezes: catalogue.freezes,
    calendars: catalogue.calendars,
    readings,
    nowIso,
    durationSeconds: durationSeconds ?? Math.max(...rings.map(spanOf)),
    ...emergency,
  })
}

/** Expected duration of a ring, in seconds. */
export const spanOf = ({ hosts }: Plan['rings'][number]): number =>
  Math.max(0, ...hosts.map(({ startSeconds, durationSeconds }) => startSeconds + durationSeconds))

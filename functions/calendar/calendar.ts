/** Windows, freezes and calendars: may work of a given length start at an instant? Anything unreadable says no. */
import { Temporal } from 'temporal-polyfill'
import { type Closed, closedSpans, expandedDays, horizonDays } from './closures.ts'
import type { Freeze, NamedCalendar } from './freeze.ts'
import type { CalendarReadings } from './reading.ts'
import type { Window } from './window.ts'
import { intersection, type Span, windowSpans } from './windows.ts'

/** Whether work may start: go, with the end of the window it must fit in, or hold, with the reason and until when if that is known. */
export type CalendarVerdict =
  | { readonly verdict: 'go'; readonly windowEndsAt?: string }
  | { readonly verdict: 'hold'; readonly because: string; readonly until?: string }

export interface CalendarQuestion {
  readonly service: string
  readonly windows: readonly Window[]
  readonly freezes: readonly Freeze[]
  readonly calendars: readonly NamedCalendar[]
  /** What SSM said of the calendars that it keeps; one that is missing counts as closed. */
  readonly readings?: CalendarReadings | undefined
  readonly nowIso: string
  readonly durationSeconds: number
  /** An emergency passes a freeze, but only with `freezeOverriddenBy`; it never passes a window (I13). */
  readonly isEmergency?: boolean
  /** Who gave the extra approval for working in a freeze. */
  readonly freezeOverriddenBy?: string | undefined
}

/** Service names with their windows; work must suit all of them. */
export interface CalendarQuestions extends Omit<CalendarQuestion, 'service' | 'windows'> {
  readonly services: readonly { readonly name: string; readonly windows: readonly Window[] }[]
}

interface Times {
  /** When all services may be worked on in the next days; undefined: any time. */
  readonly open: readonly Span[] | undefined
  /** The same up to the horizon; worked out only when the next days hold no opening. */
  readonly openLater: () => readonly Span[] | undefined
  readonly closed: readonly Closed[]
}

const dayMs = 86_400_000
/** Windows come weekly, so two weeks nearly always hold the next opening. */
const nearDays = 15
const hold = (because: string, untilMs?: number): CalendarVerdict => ({
  verdict: 'hold',
  because,
  ...(untilMs === undefined ? {} : { until: iso(untilMs) }),
})
const iso = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString({ fractionalSecondDigits: 3 })
const msOf = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds

/** Whether work of `durationSeconds` on one service may start now: inside a window with room to finish, and neither in a freeze nor running into one. */
export const mayStart = ({ service, windows, ...rest }: CalendarQuestion): CalendarVerdict =>
  mayStartOnAll({ ...rest, services: [{ name: service, windows }] })

/** The first instant from `nowIso` at which such work may start; undefined where the next 400 days hold none or something cannot be read. */
export function nextOpening({ service, windows, ...rest }: CalendarQuestion): string | undefined {
  const read = timesOf({ ...rest, services: [{ name: service, windows }] })
  if ('unreadable' in read) return undefined
  const openingMs = nextOpeningMs(read, msOf(rest.nowIso), rest.durationSeconds * 1000)
  return openingMs === undefined ? undefined : iso(openingMs)
}

/** As `mayStart`, for work that takes hosts of several services down: every window must be open and no freeze of any may be in the way. */
export function mayStartOnAll(questions: CalendarQuestions): CalendarVerdict {
  const read = timesOf(questions)
  if ('unreadable' in read) return hold(read.unreadable)
  const { durationSeconds } = questions
  if (!(durationSeconds >= 0 && Number.isFinite(durationSeconds))) return hold('how long the work takes is not known')
  const durationMs = durationSeconds * 1000
  const nowMs = msOf(questions.nowIso)
  const opening = () => nextOpeningMs(read, nowMs, durationMs)
  const inTheWay = read.closed.find((span) => span.startMs < nowMs + durationMs && span.endMs > nowMs)
  if (inTheWay) {
    const isIn = inTheWay.startMs <= nowMs
    const what = isIn ? `in ${inTheWay.name}` : `would run into ${inTheWay.name} at ${iso(inTheWay.startMs)}`
    const how = questions.isEmergency ? '; an emergency passes it only with a named extra approval' : ''
    return hold(`${what}${how}`, opening())
  }
  const window = read.open?.find((span) => span.startMs <= nowMs && span.endMs > nowMs)
  const names = questions.services.map(({ name }) => name).join(', ')
  if (read.open && !window) {
    const untilMs = opening()
    const never = `no window of ${names} in the next ${horizonDays} days can hold ${durationSeconds} s of work`
    return hold(untilMs === undefined ? never : 'outside the maintenance window', untilMs)
  }
  if (window && window.endMs < nowMs + durationMs)
    return hold(`${durationSeconds} s of work do not fit before the window closes at ${iso(window.endMs)}`, opening())
  const endsMs = Math.min(
    window?.endMs ?? Number.POSITIVE_INFINITY,
    ...read.closed.filter(({ startMs }) => startMs > nowMs).map(({ startMs }) => startMs),
  )
  return { verdict: 'go', ...(Number.isFinite(endsMs) ? { windowEndsAt: iso(endsMs) } : {}) }
}

function timesOf(questions: CalendarQuestions): Times | { readonly unreadable: string } {
  const fromMs = msOf(questions.nowIso)
  const open = openSpans(questions, fromMs, fromMs + nearDays * dayMs)
  if (open && 'unreadable' in open) return open
  const closed = closedSpans({ ...questions, fromMs, untilMs: fromMs + expandedDays * dayMs })
  if ('unreadable' in closed) return closed
  const isOverridden = questions.isEmergency === true && (questions.freezeOverriddenBy ?? '') !== ''
  const openLater = () => {
    const later = open && openSpans(questions, fromMs, fromMs + horizonDays * dayMs)
    return later && 'unreadable' in later ? [] : later
  }
  return { open, openLater, closed: isOverridden ? [] : closed }
}

function openSpans(
  { services }: CalendarQuestions,
  fromMs: number,
  untilMs: number,
): readonly Span[] | { readonly unreadable: string } | undefined {
  let open: readonly Span[] | undefined
  for (const { name, windows } of services) {
    if (windows.length === 0) continue
    const spans = tryRead(() => windowSpans(windows, fromMs, untilMs))
    if (!spans) return { unreadable: `the windows of ${name} cannot be read, so they count as closed` }
    open = open ? intersection(open, spans) : spans
  }
  return open
}

function nextOpeningMs({ open, openLater, closed }: Times, nowMs: number, durationMs: number): number | undefined {
  const any = [{ startMs: nowMs, endMs: nowMs + horizonDays * dayMs }]
  const near = firstFit(open ?? any, closed, nowMs, durationMs)
  return near ?? (open && firstFit(openLater() ?? any, closed, nowMs, durationMs))
}

function firstFit(
  open: readonly Span[],
  closed: readonly Closed[],
  nowMs: number,
  durationMs: number,
): number | undefined {
  for (const span of open) {
    let startMs = Math.max(span.startMs, nowMs)
    // In order of their start, so that one pass is enough: none that was passed can be run into again.
    for (const blocked of closed)
      if (blocked.startMs < startMs + durationMs && blocked.endMs > startMs) startMs = blocked.endMs
    if (startMs + durationMs <= span.endMs) return startMs
  }
  return undefined
}

function tryRead<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

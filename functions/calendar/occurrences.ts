/** When an event takes place within a range: its rule, added and excepted dates, and occurrences that were moved. */
import { dayMs } from './civil.ts'
import type { Moment } from './date-time.ts'
import type { CalendarEvent, Occurrence } from './event.ts'
import type { Rule } from './rule.ts'
import { type Budget, ruleDays, type Stretch } from './rule-days.ts'
import { Unreadable } from './unreadable.ts'
import { instantOf, type Zone } from './zone.ts'

export interface Range {
  readonly fromMs: number
  readonly untilMs: number
  /** Where floating times and whole days are read. */
  readonly zones: readonly Zone[]
  readonly budget: Budget
  /** Occurrences open the calendar: where two readings are possible, it is opened for what both say. */
  readonly isOpening: boolean
}

/** Changes of "this and all future" occurrences of one event. */
const laterMax = 50

/** The zones in which a time is read: its own, or those of whoever asks. */
export const zonesOf = ({ zone }: Moment, { zones }: Range): readonly Zone[] => (zone ? [zone] : zones)

/** What two mentions of the same occurrence have in common. */
function keyOf(moment: Moment): string {
  if (moment.isDate) return `day ${moment.wallMs / dayMs}`
  return moment.zone ? `at ${instantOf(moment.wallMs, moment.zone)}` : `floating ${moment.wallMs}`
}

/** EXDATE and RECURRENCE-ID may name an occurrence by its day alone. */
const keysOf = (moment: Moment) => [keyOf(moment), `day ${Math.floor(moment.wallMs / dayMs)}`]

/** Time on the clock between start and end; for an end in another zone as if it were the same, one day too long. */
export function lastsMsMax({ start, length }: Occurrence): number {
  if ('duration' in length) return length.duration.days * dayMs + length.duration.seconds * 1000
  return length.end.wallMs - start.wallMs + (length.end.zone?.name === start.zone?.name ? 0 : dayMs)
}

const shiftOf = ({ start, replaces }: CalendarEvent) => (replaces ? start.wallMs - replaces.moment.wallMs : 0)

/** The occurrences of one event near a range; `moved` are the events that stand for one of its occurrences. */
export function occurrencesOf(event: CalendarEvent, moved: readonly CalendarEvent[], range: Range): Occurrence[] {
  const later = moved
    .filter(({ replaces }) => replaces?.isAndFuture)
    .toSorted((left, right) => (left.replaces?.moment.wallMs ?? 0) - (right.replaces?.moment.wallMs ?? 0))
  const tooMany = later[laterMax]
  if (tooMany) throw new Unreadable(`an event is changed for all future more than ${laterMax} times`, tooMany.line)
  const slackMs = Math.max(0, ...later.map((one) => Math.abs(shiftOf(one)) + lastsMsMax(one)))
  const nearMs = {
    fromMs: range.fromMs - lastsMsMax(event) - slackMs - 2 * dayMs,
    untilMs: range.untilMs + slackMs + 2 * dayMs,
  }
  const isNear = ({ wallMs }: Moment) => wallMs >= nearMs.fromMs && wallMs <= nearMs.untilMs
  const gone = new Set([
    ...event.excepted.filter(isNear).map(keyOf),
    ...moved.flatMap(({ replaces }) => (replaces && isNear(replaces.moment) ? keyOf(replaces.moment) : [])),
  ])
  const named = namedTimes(event, nearMs, range)
  const met = new Set<string>()
  const left = named.filter(({ start }) => {
    const keys = gone.size === 0 ? [] : keysOf(start).filter((key) => gone.has(key))
    for (const key of keys) met.add(key)
    return keys.length === 0
  })
  if (range.isOpening && met.size < gone.size)
    throw new Unreadable(
      'an EXDATE or RECURRENCE-ID names no occurrence',
      event.line,
      'a calendar that is closed by default opens only where every exception is understood',
    )
  return left.flatMap((one) => (later.length === 0 ? one : postponed(one, later)))
}

/** Start, rule and added dates, each time once. */
function namedTimes(
  event: CalendarEvent,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
  range: Range,
): Occurrence[] {
  const { start, length, rule } = event
  const isNear = ({ wallMs }: Moment) => wallMs >= fromMs && wallMs <= untilMs
  const stretch = { fromDay: Math.floor(fromMs / dayMs), untilDay: Math.ceil(untilMs / dayMs) }
  const walls = rule ? ruleWalls(start, rule, stretch, range) : []
  if (isNear(start) && !walls.includes(start.wallMs)) {
    if (rule && range.isOpening)
      throw new Unreadable('DTSTART is not on a day of its rule', rule.line, 'start the event on a day of the rule')
    walls.push(start.wallMs)
  }
  const repeated = walls.map((wallMs) => occurrenceAt(event, wallMs, { start, length }))
  return [
    ...repeated,
    ...event.added.filter(
      (one) => isNear({ ...one.start, wallMs: one.start.wallMs + Math.max(0, lastsMsMax(one)) }) || isNear(one.start),
    ),
  ]
}

function occurrenceAt(event: CalendarEvent, wallMs: number, { start, length }: Occurrence): Occurrence {
  const shiftMs = wallMs - event.start.wallMs
  const moved = { ...start, wallMs: start.wallMs + shiftMs }
  if ('duration' in length) return { start: moved, length }
  return { start: moved, length: { end: { ...length.end, wallMs: length.end.wallMs + shiftMs } } }
}

function ruleWalls(
  start: Moment,
  { rule, line }: { rule: Rule; line: number },
  stretch: Stretch,
  range: Range,
): number[] {
  const { until } = rule
  if (range.isOpening && until && until.isDate !== start.isDate)
    throw new Unreadable('UNTIL and DTSTART are not both days or both times', line)
  const lastDay = until ? Math.min(stretch.untilDay, Math.floor(until.wallMs / dayMs) + 2) : stretch.untilDay
  const startDay = Math.floor(start.wallMs / dayMs)
  const timeMs = start.wallMs - startDay * dayMs
  return located(line, () => ruleDays(rule, startDay, { ...stretch, untilDay: lastDay }, range.budget))
    .map((day) => day * dayMs + timeMs)
    .filter((wallMs) => isUntil(rule, { ...start, wallMs }, range))
}

/** What a rule's days refuse, with the line of the rule. */
function located<T>(line: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Unreadable) || error.line !== undefined) throw error
    throw new Unreadable(error.message, line, error.remedy)
  }
}

/** Whether a rule still holds at a time: UNTIL names the last, in UTC, or by day, or on the event's own clock. */
function isUntil({ until }: Rule, moment: Moment, range: Range): boolean {
  if (!until) return true
  if (until.isDate) return Math.floor(moment.wallMs / dayMs) * dayMs <= until.wallMs
  if (!until.isUtc) return moment.wallMs <= until.wallMs
  const isReached = (zone: Zone) => instantOf(moment.wallMs, zone) <= until.wallMs
  const zones = zonesOf(moment, range)
  return range.isOpening ? zones.every(isReached) : zones.some(isReached)
}

/** An occurrence as the last change "this and all future" before it has it; nothing where that cancels it. */
function postponed(occurrence: Occurrence, later: readonly CalendarEvent[]): Occurrence[] {
  const { start } = occurrence
  const change = later.findLast(({ replaces }) => replaces && replaces.moment.wallMs <= start.wallMs)
  if (!change?.replaces) return [occurrence]
  if (change.isCancelled) return []
  const shiftMs = start.wallMs - change.replaces.moment.wallMs
  const moved = { ...change.start, wallMs: change.start.wallMs + shiftMs }
  if ('duration' in change.length) return [{ start: moved, length: change.length }]
  return [{ start: moved, length: { end: { ...change.length.end, wallMs: change.length.end.wallMs + shiftMs } } }]
}

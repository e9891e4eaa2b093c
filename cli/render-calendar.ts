/** A service's calendar as people read it: go or hold, what closes it, and a line of hours for each day. */
import type { CalendarVerdict, Closed, Span } from '../functions/calendar/index.ts'
import { isoInstant } from '../functions/kit/time.ts'
import { table } from './output.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

export interface CalendarView {
  readonly title: string
  readonly verdict: CalendarVerdict
  readonly closed: readonly Closed[]
  /** Maintenance windows; absent: any time. */
  readonly open?: readonly Span[] | undefined
  readonly fromMs: number
  readonly untilMs: number
}

/** `2026-12-24 23:00`, in UTC. */
const minute = (ms: number) => isoInstant(ms).slice(0, 16).replace('T', ' ')

/** Closed times listed; the hours below show all. */
const rowsMax = 40

/** The text of `drydock calendar show`. */
export function renderCalendar({ title, verdict, closed, open, fromMs, untilMs }: CalendarView): string {
  const said = verdict.verdict === 'go' ? goText(verdict) : holdText(verdict)
  const rows = closed.slice(0, rowsMax).map(({ startMs, endMs, name }) => [minute(startMs), minute(endMs), name])
  const rest = closed.length - rows.length
  const list = rows.length === 0 ? 'not closed on these days' : table(['CLOSED FROM', 'UNTIL (UTC)', 'BY'], rows)
  const more = rest > 0 ? [`and ${rest} more`] : []
  return [
    `${title} at ${minute(fromMs)} UTC: ${said}`,
    '',
    list,
    ...more,
    '',
    plot({ closed, open, fromMs, untilMs }),
  ].join('\n')
}

const goText = ({ windowEndsAt }: Extract<CalendarVerdict, { verdict: 'go' }>) =>
  windowEndsAt === undefined ? 'go' : `go, until ${minute(Date.parse(windowEndsAt))}`

const holdText = ({ because, until }: Extract<CalendarVerdict, { verdict: 'hold' }>) =>
  `hold: ${because}${until === undefined ? '' : `; may start ${minute(Date.parse(until))}`}`

/** One line per UTC day, one character per hour. */
function plot({ closed, open, fromMs, untilMs }: Pick<CalendarView, 'closed' | 'open' | 'fromMs' | 'untilMs'>): string {
  const lines = ['            00    06    12    18']
  for (let day = Math.floor(fromMs / dayMs) * dayMs; day < untilMs; day += dayMs) {
    const signs = Array.from({ length: 24 }, (_, hour) => signOf(day + hour * hourMs, closed, open)).join('')
    lines.push(`${isoInstant(day).slice(0, 10)}  ${signs}`)
  }
  return [...lines, '', '# closed   + partly closed   - outside the windows   . open'].join('\n')
}

function signOf(hour: number, closed: readonly Span[], open: readonly Span[] | undefined): string {
  const closedMs = covered(closed, hour)
  if (closedMs >= hourMs) return '#'
  if (closedMs > 0) return '+'
  return open && covered(open, hour) === 0 ? '-' : '.'
}

/** How much of an hour is covered by spans, which are sorted by start and may overlap. */
function covered(spans: readonly Span[], hour: number): number {
  let sum = 0
  let lastEnd = hour
  for (const { startMs, endMs } of spans) {
    const [from, until] = [Math.max(startMs, lastEnd), Math.min(endMs, hour + hourMs)]
    if (until > from) {
      sum += until - from
      lastEnd = until
    }
  }
  return sum
}

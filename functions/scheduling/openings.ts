/** When hosts of several services may be in work: spans that lie in a window of each, in order. */
import type { PlanningProblem } from './problem.ts'

type Windows = NonNullable<PlanningProblem['services'][number]['windows']>

/** Spans, none inside another, so that starts and ends both rise. */
export interface Openings {
  readonly starts: Float64Array
  readonly ends: Float64Array
  /** Seconds of the longest span. */
  readonly longest: number
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Spans common to all; undefined where no service has windows. */
export function openingsOf(windows: readonly (Windows | undefined)[]): Openings | undefined {
  const bounded = windows.filter((list) => list !== undefined)
  if (bounded.length === 0) return undefined
  const [first = [], ...rest] = bounded.map(maximal)
  const spans = rest.reduce(common, first)
  return {
    starts: Float64Array.from(spans, ({ start }) => start),
    ends: Float64Array.from(spans, ({ end }) => end),
    longest: spans.reduce((most, { start, end }) => Math.max(most, end - start), 0),
  }
}

function maximal(windows: Windows): Span[] {
  const spans: Span[] = []
  for (const { startSeconds, endSeconds } of windows.toSorted(
    (one, other) => one.startSeconds - other.startSeconds || other.endSeconds - one.endSeconds,
  )) {
    const start = Math.max(0, startSeconds)
    const last = spans.at(-1)
    if (endSeconds <= start || (last && last.end >= endSeconds)) continue
    if (last?.start === start) spans.pop()
    spans.push({ start, end: endSeconds })
  }
  return spans
}

function common(left: readonly Span[], right: readonly Span[]): Span[] {
  const spans: Span[] = []
  for (let i = 0, j = 0; ; ) {
    const [one, other] = [left[i], right[j]]
    if (!one || !other) return spans
    const [start, end] = [Math.max(one.start, other.start), Math.min(one.end, other.end)]
    const last = spans.at(-1)
    if (start < end && (!last || end > last.end)) {
      if (last?.start === start) spans.pop()
      spans.push({ start, end })
    }
    if (one.end <= other.end) i++
    else j++
  }
}

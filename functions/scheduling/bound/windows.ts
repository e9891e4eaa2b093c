/** Open time instead of elapsed time: the earliest end of work on a service with windows. */
import type { PlanningProblem } from '../problem.ts'

type Service = PlanningProblem['services'][number]

interface Span {
  readonly start: number
  readonly end: number
}

/**
 * The windows of one service as spans in order, those that touch or overlap joined, each too short for any host left
 * out.
 */
export class OpenTime {
  private readonly spans: readonly Span[] | undefined
  /** Open seconds before each span. */
  private readonly before: Float64Array

  constructor(windows: Service['windows'], shortestSeconds: number) {
    this.spans =
      windows && joined(windows.filter((one) => one.endSeconds - Math.max(0, one.startSeconds) >= shortestSeconds))
    this.before = new Float64Array((this.spans?.length ?? 0) + 1)
    this.spans?.forEach(({ start, end }, at) => {
      this.before[at + 1] = (this.before[at] ?? 0) + end - start
    })
  }

  /**
   * The first instant at which a number of open seconds has passed since another; infinite where the windows hold no
   * more.
   */
  after(fromSeconds: number, openSeconds: number): number {
    const { spans, before } = this
    if (!spans) return fromSeconds + openSeconds
    if (openSeconds <= 0) return fromSeconds
    const first = firstAbove(spans.length, (at) => (spans[at]?.end ?? 0) > fromSeconds)
    const passed = (before[first] ?? 0) + Math.max(0, fromSeconds - (spans[first]?.start ?? fromSeconds))
    const target = passed + openSeconds
    const last = firstAbove(spans.length, (at) => (before[at + 1] ?? 0) >= target - 1e-9)
    const span = spans[last]
    return span ? span.start + target - (before[last] ?? 0) : Number.POSITIVE_INFINITY
  }

  /** Seconds of each span from an instant on; undefined without windows. */
  lengthsFrom(seconds: number): number[] | undefined {
    return this.spans?.flatMap(({ start, end }) => (end > seconds ? [end - Math.max(start, seconds)] : []))
  }

  /** The earliest end of a host's uninterrupted work; infinite if it never fits. */
  fit(fromSeconds: number, seconds: number): number {
    const { spans } = this
    if (!spans) return fromSeconds + seconds
    const first = firstAbove(spans.length, (at) => (spans[at]?.end ?? 0) > fromSeconds)
    for (let at = first; at < spans.length; at++) {
      const start = Math.max(fromSeconds, spans[at]?.start ?? 0)
      if (start + seconds <= (spans[at]?.end ?? 0) + 1e-6) return start + seconds
    }
    return Number.POSITIVE_INFINITY
  }
}

/** The smallest number below `count` that passes, or `count`; the test must be monotonic. */
function firstAbove(count: number, passes: (at: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function joined(windows: NonNullable<Service['windows']>): Span[] {
  const spans: Span[] = []
  for (const { startSeconds, endSeconds } of windows.toSorted((one, other) => one.startSeconds - other.startSeconds)) {
    const start = Math.max(0, startSeconds)
    const last = spans.at(-1)
    if (endSeconds <= start) continue
    if (last && start <= last.end) spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, endSeconds) }
    else spans.push({ start, end: endSeconds })
  }
  return spans
}

/** What is scheduled, as a binary heap: the earliest first, and what was scheduled first among those of one instant. */

export interface ScheduledEvent {
  readonly atMs: number
  /** Counts what was scheduled: the order within one instant. */
  readonly sequence: number
  /** What it is, for people and for the trace. */
  readonly what: string
  readonly action: () => unknown
  /** A schedule of the cloud, which goes on whether or not anything is left to do. */
  readonly isBackground: boolean
  isCancelled: boolean
}

const isBefore = (left: ScheduledEvent, right: ScheduledEvent) =>
  left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence)

export class EventQueue {
  private readonly heap: ScheduledEvent[] = []

  push(event: ScheduledEvent): void {
    const { heap } = this
    let at = heap.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (!above || isBefore(above, event)) break
      heap[at] = above
      at = parent
    }
    heap[at] = event
  }

  /** The next event; those that were cancelled are dropped on the way. */
  peek(): ScheduledEvent | undefined {
    while (this.heap[0]?.isCancelled) this.removeFirst()
    return this.heap[0]
  }

  pop(): ScheduledEvent | undefined {
    const first = this.peek()
    if (first) this.removeFirst()
    return first
  }

  /** Everything that is scheduled, in no order. */
  all(): readonly ScheduledEvent[] {
    return this.heap.filter(({ isCancelled }) => !isCancelled)
  }

  private removeFirst(): void {
    const { heap } = this
    const moved = heap.pop()
    if (!moved || heap.length === 0) return
    let at = 0
    for (;;) {
      const child = this.earlierChild(at)
      const below = heap[child]
      if (!below || isBefore(moved, below)) break
      heap[at] = below
      at = child
    }
    heap[at] = moved
  }

  private earlierChild(at: number): number {
    const [left, right] = [this.heap[2 * at + 1], this.heap[2 * at + 2]]
    return left && right && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1
  }
}

/** The two queues of a pass: numbers by time, and kinds of hosts by urgency. */

/** Numbers with an instant each, the earliest first; of the same instant, the smallest number first. */
export class TimeQueue {
  private readonly items: number[] = []
  private readonly times: number[] = []

  get earliest(): number {
    return this.times[0] ?? Number.POSITIVE_INFINITY
  }

  push(item: number, time: number) {
    const { items, times } = this
    let at = items.length
    items.push(item)
    times.push(time)
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = times[above] ?? 0
      if (other < time || (other === time && (items[above] ?? 0) < item)) break
      items[at] = items[above] ?? 0
      times[at] = other
      at = above
    }
    items[at] = item
    times[at] = time
  }

  /** The earliest; -1 when empty. */
  pop(): number {
    const { items, times } = this
    const top = items[0] ?? -1
    const item = items.pop()
    const time = times.pop()
    if (item === undefined || time === undefined || items.length === 0) return top
    let at = 0
    for (let below = 1; below < items.length; below = 2 * at + 1) {
      if (below + 1 < items.length && this.isBefore(below + 1, below)) below++
      const other = times[below] ?? 0
      if (time < other || (time === other && item < (items[below] ?? 0))) break
      items[at] = items[below] ?? 0
      times[at] = other
      at = below
    }
    items[at] = item
    times[at] = time
    return top
  }

  private isBefore(one: number, other: number): boolean {
    const [time, otherTime] = [this.times[one] ?? 0, this.times[other] ?? 0]
    return time < otherTime || (time === otherTime && (this.items[one] ?? 0) < (this.items[other] ?? 0))
  }
}

/** Kinds by urgency, then by a second key, then by number; both keys stand outside, because a kind is in one queue at a time. */
export class UrgencyQueue {
  private readonly items: number[] = []
  private readonly keys: Float64Array
  private readonly ties: Float64Array

  constructor(keys: Float64Array, ties: Float64Array) {
    this.keys = keys
    this.ties = ties
  }

  get size(): number {
    return this.items.length
  }

  get highest(): number {
    return this.keys[this.items[0] ?? 0] ?? 0
  }

  push(item: number) {
    const { items } = this
    let at = items.length
    items.push(item)
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = items[above] ?? 0
      if (!this.isBefore(item, other)) break
      items[at] = other
      at = above
    }
    items[at] = item
  }

  /** The most urgent; -1 when empty. */
  pop(): number {
    const { items } = this
    const top = items[0] ?? -1
    const item = items.pop()
    if (item === undefined || items.length === 0) return top
    let at = 0
    for (let below = 1; below < items.length; below = 2 * at + 1) {
      if (below + 1 < items.length && this.isBefore(items[below + 1] ?? 0, items[below] ?? 0)) below++
      const other = items[below] ?? 0
      if (this.isBefore(item, other)) break
      items[at] = other
      at = below
    }
    items[at] = item
    return top
  }

  private isBefore(one: number, other: number): boolean {
    const { keys, ties } = this
    const more = (keys[one] ?? 0) - (keys[other] ?? 0)
    if (more !== 0) return more > 0
    const tie = (ties[one] ?? 0) - (ties[other] ?? 0)
    return tie === 0 ? one < other : tie > 0
  }
}

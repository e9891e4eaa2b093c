import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue, type ScheduledEvent } from '../../simulator/event-queue.ts'

const event = (atMs: number, sequence: number): ScheduledEvent => ({
  atMs,
  sequence,
  what: '',
  action: () => undefined,
  isBackground: false,
  isCancelled: false,
})
const drained = (queue: EventQueue) => {
  const order: number[] = []
  for (let next = queue.pop(); next; next = queue.pop()) order.push(next.sequence)
  return order
}

describe('2.4 the queue of events', () => {
  it('gives the earliest first and, at one instant, what was scheduled first, without what was cancelled', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 20 }), fc.boolean())), (plan) => {
        const queue = new EventQueue()
        const events = plan.map(([atMs], sequence) => event(atMs, sequence))
        for (const one of events) queue.push(one)
        for (const [index, [, isCancelled]] of plan.entries())
          if (events[index]) events[index].isCancelled = isCancelled
        const expected = events
          .filter(({ isCancelled }) => !isCancelled)
          .toSorted((left, right) => left.atMs - right.atMs || left.sequence - right.sequence)
        expect(queue.all()).toHaveLength(expected.length)
        expect(drained(queue)).toEqual(expected.map(({ sequence }) => sequence))
      }),
    )
  })
})

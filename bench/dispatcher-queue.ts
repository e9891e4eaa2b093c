/** The dispatcher's queue in virtual time. */
import type { DispatchMessage } from '../functions/rollout/dispatch-hosts.ts'

/** Lambda polls a queue with several pollers, each gathering its own batch. */
const pollers = 2
/** Messages of a standard queue as Lambda takes them: each poller gathers for one window from its first message on. */
export class Queue {
  private readonly windowMs: number
  private readonly waiting: { readonly atMs: number; readonly message: DispatchMessage }[] = []
  private readonly gathering = Array.from({ length: pollers }, () => ({ endMs: 0, messages: [] as DispatchMessage[] }))
  private next = 0

  constructor(windowMs: number) {
    this.windowMs = windowMs
  }

  put(message: DispatchMessage, atMs: number) {
    this.waiting.push({ message, atMs })
  }

  /** Batches that are due now. */
  take(nowMs: number): DispatchMessage[][] {
    for (let index = 0; index < this.waiting.length; ) {
      const one = this.waiting[index]
      const poller = this.gathering[this.next % pollers]
      if (!one || !poller || one.atMs > nowMs) {
        index++
        continue
      }
      if (poller.messages.length === 0) poller.endMs = nowMs + this.windowMs
      poller.messages.push(one.message)
      this.waiting.splice(index, 1)
      this.next++
    }
    const due = this.gathering.filter(({ messages, endMs }) => messages.length > 0 && endMs <= nowMs)
    return due.map((poller) => poller.messages.splice(0))
  }
}

/** The queues of the simulated cloud on virtual time: a message at a time, again later when it fails. */
import type { Scheduler } from './scheduler.ts'

export interface WorkQueue {
  /** Hands work on after `delaySeconds`; what fails is tried again up to five times, each time later, and then given up. */
  add(what: string, work: () => Promise<unknown>, delaySeconds: number, isBackground?: boolean): void
}

const triesMax = 5
const pauseMs = (tries: number) => 200 * 2 ** tries

/** `onFailure` is told of what was given up. `latencyMs` is how long a message is on its way. */
export function workQueue(
  scheduler: Scheduler,
  onFailure: (what: string, error: unknown) => void,
  latencyMs: (what: string) => number = () => 0,
): WorkQueue {
  const attempt = async (
    what: string,
    work: () => Promise<unknown>,
    tries: number,
    isBackground: boolean,
  ): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (tries >= triesMax) onFailure(what, error)
      else scheduler.after(pauseMs(tries), what, () => attempt(what, work, tries + 1, isBackground), isBackground)
    }
  }
  return {
    add(what, work, delaySeconds, isBackground = false) {
      const delayMs = delaySeconds * 1000 + latencyMs(what)
      scheduler.after(delayMs, what, () => attempt(what, work, 1, isBackground), isBackground)
    },
  }
}

/** The queues of the in-process cloud: one message at a time for each stage, again later when it fails, timers that end with it. */

export interface WorkQueue {
  /** `isLong`: runs beside the others (a state machine). */
  add(name: string, work: () => Promise<unknown>, delaySeconds: number, options?: { readonly isLong?: boolean }): void
  sleep(seconds: number): Promise<void>
  /** Calls back after so many seconds unless the returned function is called first. */
  timer(seconds: number, onElapsed: () => void): () => void
  stop(): void
}

const triesMax = 5
/** setTimeout counts in 32 bits. */
const delayMsMax = 2 ** 31 - 1

export function workQueue(onFailure: (name: string, error: unknown) => void): WorkQueue {
  const timers = new Set<NodeJS.Timeout>()
  const tails = new Map<string, Promise<unknown>>()
  let isStopped = false
  const later = (seconds: number, run: () => void) => {
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        run()
      },
      Math.min(seconds * 1000, delayMsMax),
    )
    timers.add(timer)
    return () => {
      clearTimeout(timer)
      timers.delete(timer)
    }
  }
  const attempt = async (name: string, work: () => Promise<unknown>, tries: number): Promise<void> => {
    if (isStopped) return
    try {
      await work()
    } catch (error) {
      if (tries >= triesMax) onFailure(name, error)
      else later(0.2 * 2 ** tries, () => enqueue(name, work, tries + 1))
    }
  }
  const enqueue = (name: string, work: () => Promise<unknown>, tries: number) => {
    const tail = tails.get(name) ?? Promise.resolve()
    tails.set(
      name,
      tail.then(() => attempt(name, work, tries)),
    )
  }
  return {
    add(name, work, delaySeconds, options) {
      if (isStopped) return
      const go = () => (options?.isLong ? void attempt(name, work, triesMax) : enqueue(name, work, 1))
      if (delaySeconds > 0) later(delaySeconds, go)
      else go()
    },
    sleep: (seconds) => new Promise((done) => later(seconds, done)),
    timer: later,
    stop() {
      isStopped = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}

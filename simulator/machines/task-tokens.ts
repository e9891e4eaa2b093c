/** Task tokens in memory: a machine in process waits for one, and whoever holds it answers. */
import { AslFailure } from './asl-errors.ts'

export interface TaskTokenRegistry {
  /** `onBeat` is called for each heartbeat of the token. */
  issue(onBeat?: () => void): { readonly token: string; readonly answered: Promise<unknown> }
  /** The wait is over, whoever ended it: later answers find the token gone. */
  forget(token: string): void
  succeed(token: string, output: Readonly<Record<string, string>>): Promise<'answered' | 'gone'>
  fail(token: string, error: string, cause: string): Promise<'answered' | 'gone'>
  heartbeat(token: string): Promise<'answered' | 'gone'>
  /** Tokens that somebody still waits for, oldest first. */
  waiting(): readonly string[]
}

/** A registry whose `succeed` is the approvals' and the rollout's `TaskTokens` port. */
export function taskTokens(): TaskTokenRegistry {
  const open = new Map<string, PromiseWithResolvers<unknown>>()
  const beats = new Map<string, () => void>()
  let issued = 0

  function settle(token: string, end: (wait: PromiseWithResolvers<unknown>) => void): 'answered' | 'gone' {
    const wait = open.get(token)
    if (!wait) return 'gone'
    open.delete(token)
    end(wait)
    return 'answered'
  }

  return {
    issue(onBeat = () => {}) {
      const token = `task-token-${++issued}`
      const wait = Promise.withResolvers<unknown>()
      // A wait that times out leaves its promise behind; nobody may be surprised by it.
      wait.promise.catch(() => undefined)
      open.set(token, wait)
      beats.set(token, onBeat)
      return { token, answered: wait.promise }
    },
    forget(token) {
      open.delete(token)
      beats.delete(token)
    },
    async heartbeat(token) {
      if (!open.has(token)) return 'gone'
      beats.get(token)?.()
      return 'answered'
    },
    succeed: async (token, output) => settle(token, (wait) => wait.resolve(output)),
    fail: async (token, error, cause) => settle(token, (wait) => wait.reject(new AslFailure(error, cause))),
    waiting: () => [...open.keys()],
  }
}

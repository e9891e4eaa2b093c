/** What every AWS port shares: the clock, identifiers, and client settings with a timeout and retries. */
import { hash } from 'node:crypto'
import { monotonicFactory } from 'ulid'
import type { Clock, Ids, Pause } from '../kit/ports.ts'

export const systemClock: Clock = { nowMs: () => Date.now() }

const nextUlid = monotonicFactory()
export const systemIds: Ids = { next: () => nextUlid() }

/** Waits in real time. */
export const systemPause: Pause = (ms) =>
  new Promise((done) => {
    setTimeout(done, ms)
  })

/** SHA-256 of a text, hex. */
export const digestOf = (text: string): string => hash('sha256', text, 'hex')

/** Settings of every SDK client: 2 s to connect, 10 s to answer, 5 attempts with jittered backoff (SDK adaptive off: one Lambda, one call at a time). */
export const clientSettings = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
} as const

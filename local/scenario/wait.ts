/** Waiting in the scenario: by polling, with a deadline and a sentence about what is awaited. */
import { DrydockError } from '../../functions/kit/errors.ts'
import type { LocalCloud } from '../../simulator/cloud.ts'

/** The time that is waited on: a local cloud's, or the machine's. */
export type Time = Pick<LocalCloud, 'clock' | 'sleep'>

const machineTime: Time = {
  clock: { nowMs: () => Date.now() },
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
}

/**
 * Looks every `everyMs` of its time until `look` gives a value.
 *
 * @throws DrydockError DD2433 when `timeoutMs` passes first; `describe` says how things stand.
 */
export async function awaitValue<T>(
  what: string,
  look: () => Promise<T | undefined>,
  {
    timeoutMs,
    everyMs = 400,
    describe,
    time = machineTime,
  }: {
    readonly timeoutMs: number
    readonly everyMs?: number
    readonly describe?: () => Promise<string>
    readonly time?: Time
  },
): Promise<T> {
  const end = time.clock.nowMs() + timeoutMs
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    if (time.clock.nowMs() > end)
      throw new DrydockError(
        'DD2433',
        `${what} did not happen within ${timeoutMs / 1000} s${describe ? `: ${await describe()}` : ''}`,
      )
    await time.sleep(everyMs)
  }
}

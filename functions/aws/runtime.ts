/** What every AWS port shares: the clock, identifiers, environment variables, and client settings with a timeout and retries. */
import { monotonicFactory } from 'ulid'
import { DrydockError } from '../kit/errors.ts'
import type { Clock, Ids } from '../kit/ports.ts'

export const systemClock: Clock = { nowMs: () => Date.now() }

const nextUlid = monotonicFactory()
export const systemIds: Ids = { next: () => nextUlid() }

/**
 * An environment variable that the CDK app sets on the function.
 *
 * @throws DrydockError DD1002 when it is missing: the function was deployed without it.
 */
export function environment(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new DrydockError('DD1002', `environment variable ${name} is missing; deploy the hub stack again`)
  return value
}

/** The account that Drydock runs in, as evidence names it. */
export const hubAccount = () => environment('DRYDOCK_ACCOUNT')

/** Settings of every SDK client: 2 s to connect, 10 s to answer, 5 attempts with jittered backoff (SDK adaptive off: one Lambda, one call at a time). */
export const clientSettings = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
} as const

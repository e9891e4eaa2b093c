/** What a refused SendCommand does to a ring: nothing ran, so its hosts wait again, or are given up with the reason. */
import type { Policy } from '../catalogue/index.ts'
import { backoffMs } from './backoff.ts'
import type { SendResult } from './ports.ts'
import type { HostProgress, Ring } from './ring.ts'

type AnyRefused = Extract<SendResult, { refused: string }>

/** A refusal that proves that nothing runs; where SSM was unavailable, the answer may have been lost. */
export interface Refused {
  readonly refused: Exclude<AnyRefused['refused'], 'unavailable'>
  readonly detail: string
}

interface Refusing {
  readonly nowMs: number
  readonly documentName: string
}

/** The ring without the intent that SSM refused. */
export function afterRefusal(
  ring: Ring,
  intentId: string,
  { refused, detail }: Refused,
  policy: Policy['rollout'],
  { nowMs, documentName }: Refusing,
): Ring {
  const { [intentId]: command, ...commands } = ring.commands
  if (!command) return ring
  const isOurs = refused === 'invalid-document' || refused === 'hash-mismatch'
  const sendsRefused = (ring.sendsRefused ?? 0) + 1
  const because = isOurs ? `${documentName} was refused (${refused}): ${detail}` : detail
  const next = (hostId: string, host: HostProgress): HostProgress => {
    const { intentId: _, ...rest } = host
    if (isOurs) return { ...rest, state: 'failed', because }
    if (refused === 'invalid-instance') return afterInvalid(hostId, rest, command.hostIds.length, detail, policy, nowMs)
    // F24: not the host's fault, so no attempt is counted.
    return {
      ...rest,
      state: 'waiting',
      notBeforeMs: nowMs + backoffMs(policy.retryBaseSeconds, sendsRefused, intentId),
      because,
    }
  }
  const hosts = { ...ring.hosts }
  for (const hostId of command.hostIds) {
    const host = hosts[hostId]
    if (host) hosts[hostId] = next(hostId, host)
  }
  return {
    ...ring,
    commands,
    hosts,
    ...(isOurs ? { because, failureBudget: 0 } : {}),
    ...(refused === 'throttled' ? { sendsRefused } : {}),
  }
}

/**
 * F29: SSM refuses a whole command for one node that is stopped, terminated or not registered.
 *
 * Each of its hosts then goes alone, so that the good ones continue; one refused alone is retried, and finally gone.
 */
function afterInvalid(
  hostId: string,
  host: HostProgress,
  hostsInCommand: number,
  detail: string,
  { attemptsMax, retryBaseSeconds }: Policy['rollout'],
  nowMs: number,
): HostProgress {
  if (hostsInCommand > 1) return { ...host, state: 'waiting', isAlone: true, because: detail }
  if (host.attempt >= attemptsMax) return { ...host, state: 'gone', because: `${detail}, ${host.attempt} times` }
  const notBeforeMs = nowMs + backoffMs(retryBaseSeconds, host.attempt, `${hostId}${host.step}`)
  return { ...host, state: 'waiting', isAlone: true, attempt: host.attempt + 1, notBeforeMs, because: detail }
}

/** SSM accepts commands again: the next refusal starts with the shortest pause. */
export function withoutRefusals(ring: Ring): Ring {
  const { sendsRefused: _, ...rest } = ring
  return ring.sendsRefused === undefined ? ring : rest
}

/** The reducer of a ring: what invocations do to its hosts, and when the ring is over. */
import { afterRestorePoint, type Outcome, outcomeOf } from './outcome.ts'
import type { Invocation } from './ports.ts'
import { type CommandOut, type HostProgress, isFinal, type Ring, type StepName, stepsOf } from './ring.ts'

export interface RetryPolicy {
  readonly attemptsMax: number
  readonly retryBaseSeconds: number
  /** What a host without a restore point does. */
  readonly withoutRestorePoint: 'skip' | 'halt' | 'go'
}

/** One host's step that ended: what the execution log keeps. */
export interface StepEnd {
  readonly hostId: string
  readonly step: StepName
  readonly attempt: number
  readonly commandId: string
  readonly status: string
  readonly exitCode: number
  readonly startedAt?: string
  readonly endedAt?: string
  readonly outputLocation?: string
  readonly outcome: string
  readonly because?: string
}

export interface Applied {
  readonly ring: Ring
  readonly ends: readonly StepEnd[]
  /** More had ended than were counted. */
  readonly isFull: boolean
}

/** Applies what commands' invocations say, by intent; hosts that have moved on are left alone, so late and repeated results change nothing. */
export function applyInvocations(
  ring: Ring,
  heard: ReadonlyMap<string, readonly Invocation[]>,
  retry: RetryPolicy,
  nowMs: number,
  endsMax: number,
): Applied {
  const ended = [...heard].flatMap(([intentId, invocations]) => endedOf(ring, intentId, invocations, retry, nowMs))
  const counted = ended.slice(0, endsMax)
  const isFull = counted.length < ended.length
  if (counted.length === 0) return { ring, ends: [], isFull }
  const hosts = { ...ring.hosts }
  for (const { hostId, host, outcome } of counted)
    hosts[hostId] = nextProgress(ring, hostId, host, outcome, retry, nowMs)
  const commands = { ...ring.commands }
  for (const intentId of new Set(counted.map((one) => one.intentId)))
    if (commands[intentId]?.hostIds.every((hostId) => !isOut(hosts[hostId], intentId))) delete commands[intentId]
  const next: Ring = { ...ring, hosts, commands }
  const halt = counted.map(({ outcome }) => outcome).findLast((outcome) => outcome.kind === 'halt')
  return {
    ring: halt
      ? { ...next, because: halt.because, failureBudget: 0, hosts: stopWaiting(next.hosts, halt.because) }
      : next,
    ends: counted.map(({ hostId, host, command, invocation, outcome }) =>
      endOf(hostId, host, command, invocation, outcome),
    ),
    isFull,
  }
}

interface Ended {
  readonly intentId: string
  readonly hostId: string
  readonly host: HostProgress
  readonly command: CommandOut
  readonly invocation: Invocation
  readonly outcome: Exclude<Outcome, { kind: 'running' }>
}

const isOut = (host: HostProgress | undefined, intentId: string) => host?.intentId === intentId && host.state === 'sent'

/** Hosts that wait for this command and that it has ended on. */
function endedOf(
  ring: Ring,
  intentId: string,
  invocations: readonly Invocation[],
  retry: RetryPolicy,
  nowMs: number,
): Ended[] {
  const command = ring.commands[intentId]
  if (!command) return []
  const reported = new Map(invocations.map((invocation) => [invocation.hostId, invocation]))
  return command.hostIds.flatMap((hostId) => {
    const host = ring.hosts[hostId]
    if (!host || !isOut(host, intentId)) return []
    const invocation = reported.get(hostId) ?? silent(hostId)
    const said = outcomeOf(command.step, invocation, host, ring.packagesByHost[hostId] ?? '')
    const outcome = overdue(
      command.step === 'restore-point' ? afterRestorePoint(said, retry.withoutRestorePoint) : said,
      command,
      nowMs,
    )
    return outcome.kind === 'running' ? [] : [{ intentId, hostId, host, command, invocation, outcome }]
  })
}

const silent = (hostId: string): Invocation => ({ hostId, status: 'Pending', exitCode: -1, output: '' })

/** A command that has not answered long after its own timeout is taken for timed out. */
function overdue(outcome: Outcome, command: CommandOut, nowMs: number): Outcome {
  if (outcome.kind !== 'running' || nowMs < command.deadlineMs) return outcome
  return outcomeOf(
    command.step,
    { hostId: '', status: 'ExecutionTimedOut', exitCode: -1, output: '' },
    { step: command.step, state: 'sent', attempt: 1 },
    '',
  )
}

/** 0 to 1, the same for the same attempt: jitter without a random number. */
function jitter(text: string): number {
  let hash = 2166136261
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619) >>> 0
  return hash / 4294967296
}

function nextProgress(
  ring: Ring,
  hostId: string,
  host: HostProgress,
  outcome: Exclude<Outcome, { kind: 'running' }>,
  retry: RetryPolicy,
  nowMs: number,
): HostProgress {
  const { intentId: _, notBeforeMs: __, ...rest } = host
  switch (outcome.kind) {
    case 'passed':
      return afterPass(ring, rest, outcome)
    case 'retry': {
      if (host.attempt >= retry.attemptsMax)
        return { ...rest, state: 'failed', because: `${outcome.because}, ${host.attempt} times` }
      const backoffMs =
        retry.retryBaseSeconds * 1000 * 2 ** (host.attempt - 1) * (0.5 + jitter(`${hostId}${host.step}${host.attempt}`))
      return {
        ...rest,
        state: 'waiting',
        attempt: host.attempt + 1,
        notBeforeMs: Math.round(nowMs + backoffMs),
        because: outcome.because,
      }
    }
    case 'reboot':
      return {
        ...rest,
        step: 'reboot',
        state: 'waiting',
        attempt: 1,
        needsReboot: true,
        ...(outcome.result.bootId ? { bootId: outcome.result.bootId } : {}),
      }
    case 'unclear':
      return {
        ...rest,
        step: 'verify',
        state: 'waiting',
        attempt: 1,
        because: outcome.because,
        flags: [...(rest.flags ?? []), `${host.step}-unclear`],
      }
    case 'halt':
      return { ...rest, state: 'failed', because: outcome.because }
    case 'failed':
      // A rollback that fails leaves nothing to try: the host is set aside for people.
      return {
        ...rest,
        state: ring.mode === 'rollback' ? 'quarantined' : 'failed',
        because: rest.because && host.step === 'verify' ? `${outcome.because} (${rest.because})` : outcome.because,
      }
    default:
      return { ...rest, state: outcome.kind, because: outcome.because }
  }
}

/** Steps that may leave a reboot to be made: the boot id that they saw is the one to change. */
const changing: readonly StepName[] = ['install', 'rollback']

function afterPass(
  ring: Ring,
  host: Omit<HostProgress, 'intentId' | 'notBeforeMs'>,
  { result, flags }: Extract<Outcome, { kind: 'passed' }>,
): HostProgress {
  const steps: readonly StepName[] = stepsOf[ring.mode]
  const needsReboot = result.rebootRequired ?? host.needsReboot ?? false
  const next = steps.slice(steps.indexOf(host.step) + 1).find((step) => step !== 'reboot' || needsReboot)
  const kept = {
    ...host,
    needsReboot,
    ...(changing.includes(host.step) && result.bootId ? { bootId: result.bootId } : {}),
    ...(flags.length > 0 ? { flags: [...(host.flags ?? []), ...flags] } : {}),
  }
  if (next === undefined) {
    const disagreed = (host.flags ?? []).some((flag) => flag.endsWith('-unclear'))
    const { because: _, bootId: __, ...clean } = kept
    return { ...clean, state: 'done', ...(disagreed ? { flags: [...(kept.flags ?? []), 'status-disagreed'] } : {}) }
  }
  const { because: _, ...clean } = kept
  return { ...clean, step: next, state: 'waiting', attempt: 1 }
}

const stopWaiting = (hosts: Ring['hosts'], because: string): Ring['hosts'] =>
  Object.fromEntries(
    Object.entries(hosts).map(([hostId, host]) => [
      hostId,
      host.state === 'waiting' ? { ...host, state: 'failed' as const, because } : host,
    ]),
  )

function endOf(
  hostId: string,
  host: HostProgress,
  command: CommandOut,
  invocation: Invocation,
  outcome: Outcome,
): StepEnd {
  return {
    hostId,
    step: command.step,
    attempt: host.attempt,
    commandId: command.commandId ?? 'unknown',
    status: invocation.status,
    exitCode: invocation.exitCode,
    ...(invocation.startedAt ? { startedAt: invocation.startedAt } : {}),
    ...(invocation.endedAt ? { endedAt: invocation.endedAt } : {}),
    ...(invocation.outputLocation ? { outputLocation: invocation.outputLocation } : {}),
    outcome: outcome.kind,
    ...('because' in outcome ? { because: outcome.because } : {}),
  }
}

const countOf = (ring: Ring, states: readonly HostProgress['state'][]) =>
  Object.values(ring.hosts).filter(({ state }) => states.includes(state)).length

/** Failures that the ring's own budget counts: everything but proven. AWS counts fewer, see docs/errors/DD1801.md. */
export const failuresOf = (ring: Ring) => countOf(ring, ['failed', 'skipped', 'quarantined'])

/** Hosts whose step never ended in proof, for the change's record. */
export const quarantinedOf = (ring: Ring) =>
  Object.entries(ring.hosts)
    .filter(([, { state }]) => state === 'failed' || state === 'quarantined' || state === 'skipped')
    .map(([hostId, { state, step, because }]) => ({
      hostId,
      reason: `${state} at ${step}: ${because ?? 'no reason given'}`,
    }))
    .sort((left, right) => (left.hostId < right.hostId ? -1 : 1))

/** Ends the ring when nothing is in flight and nothing may start any more. */
export function endRing(ring: Ring, canStart: boolean, stopBecause: string | undefined, at: string): Ring {
  if (ring.state !== 'open' || countOf(ring, ['sent']) > 0) return ring
  const failures = failuresOf(ring)
  const end = (state: Ring['state'], because?: string): Ring => ({
    ...ring,
    state,
    endedAt: at,
    ...(because === undefined ? {} : { because }),
  })
  if (ring.mode === 'rollback') {
    if (Object.values(ring.hosts).every(isFinal))
      return failures > 0
        ? end('failed', `${failures} hosts could not be restored and are quarantined`)
        : end('succeeded')
    return ring
  }
  if (failures > ring.failureBudget)
    return end(
      'halted',
      `${failures} failed, the ring's budget is ${ring.failureBudget}${ring.because ? `: ${ring.because}` : ''}`,
    )
  if (Object.values(ring.hosts).every(isFinal)) return end('succeeded')
  if (stopBecause !== undefined) return end('stopped', stopBecause)
  if (!canStart) return end('halted', 'hosts that failed have used up what may be unavailable: no other host can go')
  return ring
}

/** The reducer of a ring: what invocations do to its hosts, and when the ring is over. */
import { backoffMs } from './backoff.ts'
import { afterRestorePoint, type Outcome, outcomeOf, type StepResult } from './outcome.ts'
import type { Permission } from './permission.ts'
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
  /** 7.4: what was collected before a rollback; it stands at `outputLocation` when it is attached there, else on the host. */
  readonly collected?: { readonly sha256: string; readonly bytes: number; readonly isAttached: boolean }
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
  // Our own fault stops a patch for everyone; a rollback goes on with the hosts that it can restore.
  const halt =
    ring.mode === 'patch'
      ? counted.map(({ outcome }) => outcome).findLast((outcome) => outcome.kind === 'halt')
      : undefined
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
      if (host.attempt >= retry.attemptsMax) return givenUp(ring, rest, `${outcome.because}, ${host.attempt} times`)
      return {
        ...rest,
        state: 'waiting',
        attempt: host.attempt + 1,
        notBeforeMs: nowMs + backoffMs(retry.retryBaseSeconds, host.attempt, `${hostId}${host.step}`),
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
      return givenUp(ring, rest, outcome.because)
    case 'failed':
      return givenUp(
        ring,
        rest,
        rest.because && host.step === 'verify' ? `${outcome.because} (${rest.because})` : outcome.because,
      )
    default:
      return { ...rest, state: outcome.kind, because: outcome.because }
  }
}

/** A step that cannot be brought to a good end. */
function givenUp(ring: Ring, host: Omit<HostProgress, 'intentId' | 'notBeforeMs'>, because: string): HostProgress {
  if (ring.mode === 'patch') return { ...host, state: 'failed', because }
  // 7.4 What is lost when state cannot be collected is less than what a host that stays broken costs.
  if (host.step === 'collect')
    return {
      ...host,
      step: 'rollback',
      state: 'waiting',
      attempt: 1,
      because,
      flags: [...(host.flags ?? []), 'state-not-collected'],
    }
  // A rollback that fails leaves nothing to try: the host is set aside for people.
  return { ...host, state: 'quarantined', because }
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
    ...(outcome.kind === 'passed' ? collectedOf(outcome.result) : {}),
  }
}

const collectedOf = ({ sha256, bytes = 0, attached = false }: StepResult): Pick<StepEnd, 'collected'> =>
  sha256 === undefined ? {} : { collected: { sha256, bytes, isAttached: attached } }

const countOf = (ring: Ring, states: readonly HostProgress['state'][]) =>
  Object.values(ring.hosts).filter(({ state }) => states.includes(state)).length

/** Failures that the ring's own budget counts: everything but proven. AWS counts fewer, see docs/errors/DD1801.md. */
export const failuresOf = (ring: Ring) => countOf(ring, ['failed', 'skipped', 'quarantined'])

/** Hosts whose step never ended in proof, for the change's record; F29: those that are gone are told, and are no failure. */
export const quarantinedOf = (ring: Ring) =>
  Object.entries(ring.hosts)
    .filter(([, host]) => isFinal(host) && host.state !== 'done')
    .map(([hostId, { state, step, because }]) => ({
      hostId,
      reason: `${state} at ${step}: ${because ?? 'no reason given'}`,
    }))
    .sort((left, right) => (left.hostId < right.hostId ? -1 : 1))

/** Ends the ring when nothing is in flight and nothing may start any more. */
export function endRing(ring: Ring, canStart: boolean, { stop, closed }: Permission, at: string): Ring {
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
  if (stop) return end('stopped', stop.because)
  if (canStart) return ring
  if (closed) return end('stopped', closed.because)
  return end('halted', 'hosts that failed have used up what may be unavailable: no other host can go')
}

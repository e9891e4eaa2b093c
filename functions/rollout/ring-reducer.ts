/** The reducer of a ring: applies invocations to its hosts. */
import { ownValue } from '../kit/table.ts'
import { backoffMs } from './backoff.ts'
import { afterRestorePoint, type InvocationOutcome, invocationOutcome, timedOut } from './invocation-outcome.ts'
import type { Invocation } from './ports.ts'
import { quarantineUnknown } from './previous-version.ts'
import { asItStands, type CommandOut, type HostProgress, type Ring, type StepName, stepsOf } from './ring.ts'
import { type StepEnd, stepEnd } from './step-end.ts'

export interface RetryPolicy {
  readonly attemptsMax: number
  readonly retryBaseSeconds: number
  /** What a host without a restore point does. */
  readonly withoutRestorePoint: 'skip' | 'halt' | 'go'
}

export interface Applied {
  readonly ring: Ring
  readonly ends: readonly StepEnd[]
  /** Whether more had ended than were applied. */
  readonly isFull: boolean
}

/**
 * Applies invocations by intent; hosts that have moved on are left alone, so late and repeated results change nothing.
 */
export function applyInvocations(
  ring: Ring,
  results: ReadonlyMap<string, readonly Invocation[]>,
  retry: RetryPolicy,
  nowMs: number,
  endsMax: number,
): Applied {
  const ended = [...results].flatMap(([intentId, invocations]) => endedOf(ring, intentId, invocations, retry, nowMs))
  const counted = ended.slice(0, endsMax)
  const isFull = counted.length < ended.length
  if (counted.length === 0) return { ring, ends: [], isFull }
  const hosts = { ...ring.hosts }
  for (const { hostId, host, outcome } of counted)
    hosts[hostId] = quarantineUnknown(ring, hostId, nextProgress(ring, hostId, host, outcome, retry, nowMs))
  const commands = { ...ring.commands }
  for (const intentId of new Set(counted.map((one) => one.intentId))) {
    // Stryker disable next-line OptionalChaining: what is counted belongs to a command that is out; it is for the type.
    if (commands[intentId]?.hostIds.every((hostId) => !isOut(hosts[hostId], intentId))) delete commands[intentId]
  }
  const next: Ring = { ...ring, hosts, commands }
  // Our own fault stops a patch for all hosts; a rollback continues with the hosts that it can restore.
  const halt =
    ring.mode === 'patch'
      ? counted.map(({ outcome }) => outcome).findLast((outcome) => outcome.kind === 'halt')
      : undefined
  return {
    ring: halt
      ? {
          ...next,
          because: halt.because,
          failureBudget: 0,
          nobodyWaitsBecause: halt.because,
          hosts: stopWaiting(next.hosts, halt.because),
        }
      : next,
    ends: counted.map(({ hostId, host, command, invocation, outcome }) =>
      stepEnd(hostId, host, command, invocation, outcome),
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
  readonly outcome: Exclude<InvocationOutcome, { kind: 'running' }>
}

const isOut = (host: HostProgress | undefined, intentId: string) => host?.intentId === intentId && host.state === 'sent'

/** Hosts that wait for this command and on which it has ended. */
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
    const said = invocationOutcome(
      command.step,
      invocation,
      host,
      ownValue(ring.packagesByHost, hostId) ?? '',
      ring.mode,
    )
    const outcome = overdue(
      command.step === 'restore-point' ? afterRestorePoint(said, retry.withoutRestorePoint) : said,
      command,
      nowMs,
    )
    return outcome.kind === 'running' ? [] : [{ intentId, hostId, host, command, invocation, outcome }]
  })
}

const silent = (hostId: string): Invocation => ({
  hostId,
  status: 'Pending',
  exitCode: -1,
  // Stryker disable next-line StringLiteral: nobody reads the output of what is pending.
  output: '',
})

/** A command without an answer long after its own timeout counts as timed out. */
function overdue(outcome: InvocationOutcome, command: CommandOut, nowMs: number): InvocationOutcome {
  return outcome.kind === 'running' && nowMs >= command.deadlineMs ? timedOut(command.step) : outcome
}

function nextProgress(
  ring: Ring,
  hostId: string,
  host: HostProgress,
  outcome: Exclude<InvocationOutcome, { kind: 'running' }>,
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

/** Gives up a host's step. */
function givenUp(ring: Ring, host: Omit<HostProgress, 'intentId' | 'notBeforeMs'>, because: string): HostProgress {
  if (ring.mode === 'patch') return { ...host, state: 'failed', because }
  // 7.4 Losing the state is cheaper than a host that stays broken.
  if (host.step === 'collect')
    return {
      ...host,
      step: 'rollback',
      state: 'waiting',
      attempt: 1,
      because,
      flags: [...(host.flags ?? []), 'state-not-collected'],
    }
  // After a failed rollback there is nothing left to try: the host is quarantined for people.
  return { ...host, state: 'quarantined', because }
}

/** Steps that may require a reboot: the boot id that they saw must change. */
const changing: readonly StepName[] = ['install', 'rollback']

function afterPass(
  ring: Ring,
  host: Omit<HostProgress, 'intentId' | 'notBeforeMs'>,
  { result, flags }: Extract<InvocationOutcome, { kind: 'passed' }>,
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
    const { because: _, bootId: __, ...clean } = kept
    const isUnclear = clean.flags?.some((flag) => flag.endsWith('-unclear'))
    return {
      ...clean,
      state: 'done',
      ...(clean.flags && isUnclear ? { flags: [...clean.flags, 'status-disagreed'] } : {}),
    }
  }
  const { because: _, ...clean } = kept
  return { ...clean, step: next, state: 'waiting', attempt: 1 }
}

const stopWaiting = (hosts: Ring['hosts'], because: string): Ring['hosts'] =>
  Object.fromEntries(Object.entries(hosts).map(([hostId, host]) => [hostId, asItStands(host, because)]))

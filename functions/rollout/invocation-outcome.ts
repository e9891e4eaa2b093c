/** What an invocation means, by the state that the host reports and never by exit status alone. */
import * as z from 'zod'
import { ownValue, tableOf } from '../kit/table.ts'
import { failureReasons } from './failure-reasons.ts'
import type { Invocation } from './ports.ts'
import type { HostProgress, Ring, StepName } from './ring.ts'

/** The JSON result that each of our documents prints. */
export const StepResult = z.object({
  schemaVersion: z.literal(1),
  step: z.string(),
  changeId: z.string(),
  ok: z.boolean(),
  exitCode: z.number().int().optional(),
  reason: z.string().max(500).optional(),
  installed: tableOf(z.string()).optional(),
  rebootRequired: z.boolean().optional(),
  rebootPending: z.boolean().optional(),
  runningKernel: z.string().optional(),
  installedKernel: z.string().optional(),
  bootId: z.string().optional(),
  agentVersion: z.string().optional(),
  serviceHealthy: z.boolean().optional(),
  /** Whether a reboot is pending cannot be told, and why. */
  rebootUnknown: z.string().optional(),
  /** 11.7: how the host stands to what was asked, by the order of its own package manager. */
  versions: z
    .object({
      asked: z.number().int(),
      equal: z.number().int(),
      newer: z.number().int(),
      older: z.number().int(),
      absent: z.number().int(),
      unknown: z.number().int(),
      first: z
        .object({ older: z.array(z.string()), absent: z.array(z.string()), unknown: z.array(z.string()) })
        .partial()
        .optional(),
    })
    .optional(),
  /** 12.3: units and commands that still run replaced files. */
  staleServices: z.array(z.string()).optional(),
  /** Packages that the package manager itself finds half installed or twice. */
  faults: z.array(z.string()).optional(),
  /** Of a restore point: which installed versions are still available. */
  available: tableOf(z.boolean()).optional(),
  /** Of a collection: the archive's hash and size, and whether the archive follows the result on standard output. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  bytes: z.number().int().min(0).optional(),
  attached: z.boolean().optional(),
})
export type StepResult = z.infer<typeof StepResult>

export type InvocationOutcome =
  | { readonly kind: 'running' }
  | { readonly kind: 'passed'; readonly result: StepResult; readonly flags: readonly string[] }
  /** Installed, but not running until a reboot. */
  | { readonly kind: 'reboot'; readonly result: StepResult }
  | { readonly kind: 'retry' | 'failed' | 'skipped' | 'quarantined' | 'unclear'; readonly because: string }
  /** Our own fault or a changed document: nothing more may be sent to any host. */
  | { readonly kind: 'halt'; readonly because: string }

const isRunning = (status: Invocation['status']) => ['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(status)

/** Transient exit codes of the patch baseline; the table is docs/guides/exit-codes.md. */
const transientExits = new Set([133, 134, 135, 143, 144, 145, 147, 148, 149, 156])
const ourFaultExits = new Set([153, 160, 161])
const transientReasons = new Set([
  ...Object.entries(failureReasons)
    .filter(([, { isRetried }]) => isRetried)
    .map(([word]) => word),
  'network',
  'busy',
])

/** The step's own result in the output, if there is one. */
export function parseResult(output: string, step: StepName): StepResult | undefined {
  // Without a brace this is the last character, which is no document either.
  const parsed = StepResult.safeParse(jsonIn(output.slice(output.indexOf('{'))))
  return parsed.success && parsed.data.step === step ? parsed.data : undefined
}

/** The result is one line; a collection's archive follows it. */
function jsonIn(text: string): unknown {
  for (const one of [text, text.slice(0, text.indexOf('\n') + 1)])
    try {
      return JSON.parse(one)
    } catch {}
  return undefined
}

/**
 * Classifies one invocation.
 *
 * `expected` is what the host must have installed, as `name=version` items: at least when it is patched, exactly when it
 * is rolled back.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
export function invocationOutcome(
  step: StepName,
  invocation: Invocation,
  host: HostProgress,
  expected: string,
  mode: Ring['mode'] = 'rollback',
): InvocationOutcome {
  if (isRunning(invocation.status)) return { kind: 'running' }
  const result = parseResult(invocation.output, step)
  switch (invocation.status) {
    case 'DeliveryTimedOut':
    case 'Undeliverable':
    case 'Terminated':
      return { kind: 'retry', because: `the command was not delivered (${invocation.status})` }
    case 'AccessDenied':
    case 'InvalidPlatform':
    case 'Cancelled':
      return { kind: 'failed', because: `SSM says ${invocation.status}` }
    case 'ExecutionTimedOut':
      return timedOut(step)
    default:
      return result ? fromResult(step, invocation, result, host, expected, mode) : withoutResult(step, invocation)
  }
}

/** What a step means that ran out of time, on the host or unheard of until its command's deadline. */
export function timedOut(step: StepName): InvocationOutcome {
  if (step === 'reboot') return { kind: 'quarantined', because: 'did not return from reboot' }
  // The node may still be working: read back its state instead of running the step again.
  if (step === 'install' || step === 'rollback') return { kind: 'unclear', because: `${step} ran out of time` }
  return { kind: 'failed', because: `${step} ran out of time` }
}

function withoutResult(step: StepName, { exitCode, status }: Invocation): InvocationOutcome {
  if (ourFaultExits.has(exitCode))
    return { kind: 'halt', because: `${step} ended with ${exitCode}: the override list is wrong` }
  if (transientExits.has(exitCode)) return { kind: 'retry', because: `${step} ended with ${exitCode}` }
  if (step === 'install' || step === 'rollback')
    return { kind: 'unclear', because: `${step} ended with ${exitCode} (${status}) and no result` }
  return { kind: 'failed', because: `${step} ended with ${exitCode} (${status}) and no result` }
}

function fromResult(
  step: StepName,
  invocation: Invocation,
  result: StepResult,
  host: HostProgress,
  expected: string,
  mode: Ring['mode'],
): InvocationOutcome {
  const reason = result.reason ?? `${step} ended with ${result.exitCode ?? invocation.exitCode}`
  if (step === 'verify') return verdict(result, host, expected, mode)
  if (result.ok) return { kind: 'passed', result, flags: invocation.status === 'Success' ? [] : ['status-disagreed'] }
  if (transientReasons.has(reason) || transientExits.has(result.exitCode ?? 0))
    return { kind: 'retry', because: reason }
  if (ourFaultExits.has(result.exitCode ?? 0)) return { kind: 'halt', because: reason }
  if (step === 'precheck') return { kind: 'skipped', because: reason }
  if (step === 'install' || step === 'rollback') return { kind: 'unclear', because: reason }
  return { kind: 'failed', because: reason }
}

/** 7.2: a host continues to its install only if it can be rolled back, or if the policy allows it without. */
export function afterRestorePoint(
  outcome: InvocationOutcome,
  withoutRestorePoint: 'skip' | 'halt' | 'go',
): InvocationOutcome {
  if (outcome.kind !== 'passed' || withoutRestorePoint === 'go') return outcome
  const { available } = outcome.result
  const gone = Object.entries(available ?? {}).flatMap(([name, isAvailable]) => (isAvailable ? [] : [name]))
  if (available && gone.length === 0) return outcome
  const because = available
    ? `no rollback: the installed version of ${gone.sort().join(', ')} is no longer available`
    : 'no rollback: the restore point does not say which versions are still available'
  return { kind: withoutRestorePoint === 'halt' ? 'halt' : 'skipped', because }
}

/** What of the expected items the host has not, by its own judgement; by equality where it tells none. */
function notInstalled({ installed = {}, versions }: StepResult, expected: string, mode: Ring['mode']): string[] {
  const items = expected.split(' ').filter((item) => item !== '')
  const isEqual = (item: string) =>
    ownValue(installed, item.slice(0, item.indexOf('='))) === item.slice(item.indexOf('=') + 1)
  if (!versions) return items.filter((item) => !isEqual(item))
  const { asked, equal, newer, first = {} } = versions
  // A rollback has come to nothing where the newer version is still there.
  const right = mode === 'rollback' ? equal : equal + newer
  if (asked === items.length && right === asked) return []
  const named = [...(first.older ?? []), ...(first.absent ?? []), ...(first.unknown ?? [])]
  const differing = items.filter((item) => !isEqual(item))
  return named.length > 0
    ? named
    : differing.length > 0 && differing.length <= 20
      ? differing
      : [`${asked - right} packages`]
}

/** 11.7: patched means proven; any doubt is a failure. */
function verdict(result: StepResult, host: HostProgress, expected: string, mode: Ring['mode']): InvocationOutcome {
  const wrong = notInstalled(result, expected, mode)
  if (wrong.length > 0) return { kind: 'failed', because: `not installed: ${wrong.join(' ')}` }
  if (result.faults?.length) return { kind: 'failed', because: `half installed: ${result.faults.join(' ')}` }
  const stale = result.staleServices ?? []
  const isEffective =
    result.rebootPending === false && result.runningKernel === result.installedKernel && stale.length === 0
  if (!isEffective && !host.needsReboot && result.rebootPending !== undefined) return { kind: 'reboot', result }
  if (result.runningKernel === undefined || result.runningKernel !== result.installedKernel)
    return {
      kind: 'failed',
      because: `running kernel ${result.runningKernel ?? 'unknown'}, installed ${result.installedKernel ?? 'unknown'}`,
    }
  if (result.rebootUnknown !== undefined)
    return { kind: 'failed', because: `whether a reboot is pending is unknown: ${result.rebootUnknown}` }
  if (result.rebootPending !== false) return { kind: 'failed', because: 'a reboot is pending' }
  if (stale.length > 0) return { kind: 'failed', because: `replaced files are still in use: ${stale.join(' ')}` }
  if (!result.agentVersion) return { kind: 'failed', because: 'the agent does not report' }
  if (result.serviceHealthy === false) return { kind: 'failed', because: 'the service on the host is unhealthy' }
  if (host.needsReboot && host.bootId !== undefined && result.bootId === host.bootId)
    return { kind: 'failed', because: 'the boot id did not change' }
  return { kind: 'passed', result, flags: (result.versions?.newer ?? 0) > 0 ? ['overtaken'] : [] }
}

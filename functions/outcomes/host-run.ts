/** Computes a host's outcome from what happened on it. */
import { instantMs } from '../kit/time.ts'
import type { HostOutcome, HostVerdict, Seconds, StepOutcome } from './outcome.ts'

/** One attempt at a step, from the execution log; instants by the host's clock. */
export interface Attempt {
  readonly ring: string
  readonly isRollback: boolean
  readonly step: string
  readonly attempt: number
  readonly verdict: string
  readonly because?: string | undefined
  readonly startedAt?: string | undefined
  readonly endedAt?: string | undefined
}

/** Everything known about one host of a change that ends. */
export interface HostRun {
  readonly hostId: string
  readonly account: string
  readonly region: string
  readonly zone: string
  readonly services: readonly string[]
  readonly ring: string
  readonly verdict: HostVerdict
  readonly because?: string | undefined
  /** When the host's rollback was opened; absent without one. */
  readonly rollbackOpenedAt?: string | undefined
  readonly attempts: readonly Attempt[]
  readonly before: readonly { readonly name: string; readonly version: string }[]
  /** What the plan installs. */
  readonly wanted: readonly { readonly name: string; readonly version: string }[]
}

/** The end of the change, common to all hosts of a set. */
export type Ending = Pick<HostOutcome, 'changeId' | 'sequence' | 'service' | 'ending' | 'at'>

const disruptive = ['install', 'rollback', 'reboot', 'verify']

/** The outcome of a host; equal runs give equal bytes. */
export function hostOutcomeOf(run: HostRun, end: Ending): HostOutcome {
  const { hostId, account, region, zone, services, ring, verdict, because } = run
  const seconds = rollbackSecondsOf(run)
  return {
    schemaVersion: 1,
    ...end,
    hostId,
    account,
    region,
    zone,
    services: [...services],
    ring,
    verdict,
    ...(because === undefined ? {} : { because }),
    steps: stepOutcomes(run.attempts),
    restorePointAgeSeconds: restorePointAgeOf(run.attempts),
    ...(seconds === undefined ? {} : { rollbackSeconds: seconds }),
    unavailableSeconds: unavailableSecondsOf(run),
    versions: versionsOf(run),
  }
}

/** Host clocks may run backwards: then the duration is unknown. */
function secondsBetween(from: string | undefined, to: string | undefined): Seconds {
  if (from === undefined || to === undefined) return 'unknown'
  const ms = instantMs(to) - instantMs(from)
  return ms < 0 ? 'unknown' : ms / 1000
}

function stepOutcomes(attempts: readonly Attempt[]): StepOutcome[] {
  const groups = Map.groupBy(attempts, ({ ring, step }) => JSON.stringify([ring, step]))
  return [...groups.values()].flatMap((group) => {
    const ordered = group.toSorted((left, right) => left.attempt - right.attempt)
    const [first, last] = [ordered[0], ordered.at(-1)]
    if (!first || !last) return []
    const { ring, step, verdict, because } = last
    const seconds = secondsBetween(first.startedAt, last.endedAt)
    const reason = because === undefined ? {} : { because }
    return [{ ring, step, attempts: ordered.length, verdict, ...reason, seconds }]
  })
}

const passed = (attempts: readonly Attempt[], step: string) =>
  attempts.findLast((one) => one.step === step && one.verdict === 'passed')

function restorePointAgeOf(attempts: readonly Attempt[]): Seconds {
  const patch = attempts.filter(({ isRollback }) => !isRollback)
  return secondsBetween(
    passed(patch, 'restore-point')?.endedAt,
    patch.find(({ step }) => step === 'install')?.startedAt,
  )
}

function rollbackSecondsOf({ rollbackOpenedAt, verdict, attempts }: HostRun): Seconds | undefined {
  if (rollbackOpenedAt === undefined) return undefined
  if (verdict !== 'restored') return 'unknown'
  const back = attempts.filter(({ isRollback }) => isRollback)
  return secondsBetween(rollbackOpenedAt, passed(back, 'verify')?.endedAt)
}

/**
 * A host is down from the start of its first disruptive step to its proof; without proof the duration is unknown, and
 * continues into its rollback.
 */
function unavailableSecondsOf({ attempts, verdict }: HostRun): Seconds {
  const down = attempts.filter(({ step }) => disruptive.includes(step))
  if (down.length === 0) return neverDown(verdict, attempts) ? 0 : 'unknown'
  let total = 0
  let since: Attempt | undefined
  for (const one of down) {
    since ??= one
    if (one.step !== 'verify' || one.verdict !== 'passed') continue
    const seconds = secondsBetween(since.startedAt, one.endedAt)
    if (seconds === 'unknown') return 'unknown'
    total += seconds
    since = undefined
  }
  return since === undefined ? total : 'unknown'
}

/** Proof without the steps before it means that steps are missing, not that there were none. */
const neverDown = (verdict: HostVerdict, attempts: readonly Attempt[]) =>
  verdict === 'untouched' || verdict === 'skipped' || (verdict === 'failed' && attempts.length > 0)

/** Versions read back by the proof; unknown without one. */
function versionsOf({ before, wanted, verdict }: HostRun): HostOutcome['versions'] {
  const target = new Map(wanted.map(({ name, version }) => [name, version]))
  return before.map(({ name, version }) => ({
    name,
    before: version,
    after: verdict === 'proven' ? (target.get(name) ?? 'unknown') : isAsBefore(verdict) ? version : 'unknown',
  }))
}

const isAsBefore = (verdict: HostVerdict) => verdict === 'restored' || verdict === 'untouched' || verdict === 'skipped'

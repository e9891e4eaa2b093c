/** A rollback is a rollout ring in mode `rollback`: every host whose packages the change may have touched, on the rung that the plan chose. */
import { counted } from '../kit/display-text.ts'
import { ownValue } from '../kit/table.ts'
import { instantAfter, msBetween } from '../kit/time.ts'
import type { RollbackTime } from '../outcomes/index.ts'
import type { Plan } from '../planning/index.ts'
import type { HostProgress, Ring } from '../rollout/index.ts'

export const rollbackRing = (ring: string) => `${ring}.rollback`

const changed: readonly HostProgress['step'][] = ['install', 'reboot', 'verify']

/** Whether the patch may have changed the host: its install was sent at least once. */
export const isTouched = ({ step, state, attempt }: HostProgress) =>
  changed.includes(step) && !(step === 'install' && state === 'waiting' && attempt === 1)

const first: HostProgress = { step: 'collect', state: 'waiting', attempt: 1 }

export interface RollbackInput {
  readonly plan: Plan
  readonly planHash: string
  readonly ring: string
  /** Every patch ring of the change so far. */
  readonly rings: readonly Ring[]
  readonly taskToken: string
  readonly at: string
}

/**
 * Hosts on which the change began to install; one that no longer answers is tried too, and quarantined if it stays
 * silent.
 */
export function openRollback({ plan, planHash, ring, rings, taskToken, at }: RollbackInput): Ring {
  const { rung, previousVersions, rtoMinutes } = plan.rollbackPlan
  const hostIds = rings
    .filter(({ mode }) => mode === 'patch')
    .flatMap(({ hosts }) => Object.entries(hosts).flatMap(([hostId, host]) => (isTouched(host) ? [hostId] : [])))
    .sort()
  return {
    changeId: plan.changeId,
    name: rollbackRing(ring),
    mode: 'rollback',
    planHash,
    state: 'open',
    taskToken,
    openedAt: at,
    rtoDeadlineAt: instantAfter(at, Math.round(rtoMinutes * 60_000)),
    failureBudget: 0,
    packagesByHost: Object.fromEntries(
      hostIds.map((hostId) => [hostId, rung === 'none' ? '' : packageItems(ownValue(previousVersions, hostId) ?? {})]),
    ),
    hosts: Object.fromEntries(hostIds.map((hostId) => [hostId, first])),
    commands: {},
  }
}

const packageItems = (versions: Readonly<Record<string, string>>) =>
  Object.entries(versions)
    .map(([name, version]) => `${name}=${version}`)
    .sort()
    .join(' ')

/** How long a rollback took, and its RTO; undefined if it never opened. */
export function rtoOf(rollback: Ring | undefined): RollbackTime | undefined {
  if (!rollback) return undefined
  const { openedAt, endedAt, rtoDeadlineAt, state } = rollback
  const secondsUntil = (at: string | undefined): RollbackTime['tookSeconds'] =>
    at === undefined ? 'unknown' : msBetween(openedAt, at) / 1000
  const [tookSeconds, rtoSeconds] = [secondsUntil(endedAt), secondsUntil(rtoDeadlineAt)]
  if (tookSeconds === 'unknown' || rtoSeconds === 'unknown') return { tookSeconds, rtoSeconds, isKept: 'unknown' }
  return { tookSeconds, rtoSeconds, isKept: state === 'succeeded' && tookSeconds <= rtoSeconds }
}

/** How the rollback went, in words: what was restored, in how many seconds of its RTO, and what is unknown. */
export function rollbackOutcome(rollback: Ring | undefined, reason: string): string {
  const time = rtoOf(rollback)
  if (!rollback || !time) return `${reason}; the rollback did not open: act by hand`
  const hosts = Object.values(rollback.hosts)
  if (hosts.length === 0) return `${reason}; no host had to be restored`
  const restored = hosts.filter(({ state }) => state === 'done').length
  return `${reason}; ${restored} of ${counted(hosts.length, 'host')} restored, ${timeInWords(time)}`
}

function timeInWords({ tookSeconds, rtoSeconds, isKept }: RollbackTime): string {
  if (tookSeconds === 'unknown') return 'but the rollback has not ended: act by hand'
  const took = `in ${Math.round(tookSeconds)} s`
  if (rtoSeconds === 'unknown') return `${took}, RTO unknown`
  return `${took}, RTO of ${Math.round(rtoSeconds)} s ${isKept === true ? 'kept' : 'missed'}`
}

/** The rollback of a change as a ring of its own: every host whose packages it may have touched, on the rung that the plan chose. */
import { instantAfter, msBetween } from '../kit/time.ts'
import type { Plan } from '../planning/index.ts'
import type { HostProgress, Ring } from '../rollout/index.ts'

export const rollbackRing = (ring: string) => `${ring}.rollback`

const changed: readonly HostProgress['step'][] = ['install', 'reboot', 'verify']

/** Whether the patch may have changed the host: its install was at least sent once. */
const isTouched = ({ step, state, attempt }: HostProgress) =>
  changed.includes(step) && !(step === 'install' && state === 'waiting' && attempt === 1)

export interface RollbackInput {
  readonly plan: Plan
  readonly planHash: string
  readonly ring: string
  /** Every patch ring of the change so far. */
  readonly rings: readonly Ring[]
  readonly taskToken: string
  readonly at: string
}

/** Hosts that the change got as far as installing on; a host that no longer answers is tried too and quarantined if it stays silent. */
export function openRollback({ plan, planHash, ring, rings, taskToken, at }: RollbackInput): Ring {
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
    rtoDeadlineAt: instantAfter(at, Math.round(plan.rollbackPlan.rtoMinutes * 60_000)),
    failureBudget: 0,
    packagesByHost: Object.fromEntries(
      hostIds.map((hostId) => [hostId, itemsOf(plan.rollbackPlan.previousVersions[hostId] ?? {})]),
    ),
    hosts: Object.fromEntries(hostIds.map((hostId) => [hostId, firstOf(plan, hostId)])),
    commands: {},
  }
}

/** A host of which nobody knows what to return it to is not restored by a rollback that finds nothing to do. */
function firstOf({ rollbackPlan }: Plan, hostId: string): HostProgress {
  if (rollbackPlan.rung === 'none')
    return { step: 'rollback', state: 'quarantined', attempt: 1, because: 'the plan has no way back' }
  if (Object.keys(rollbackPlan.previousVersions[hostId] ?? {}).length === 0)
    return { step: 'rollback', state: 'quarantined', attempt: 1, because: 'no version to return to is known' }
  return { step: 'collect', state: 'waiting', attempt: 1 }
}

const itemsOf = (versions: Readonly<Record<string, string>>) =>
  Object.entries(versions)
    .map(([name, version]) => `${name}=${version}`)
    .sort()
    .join(' ')

/** How the rollback went, in words, with the RTO said honestly. */
export function outcomeOf(rollback: Ring | undefined, reason: string, nowIso: string): string {
  if (!rollback) return `${reason}; the rollback did not open: act by hand`
  const minutes = msBetween(rollback.openedAt, rollback.endedAt ?? nowIso) / 60_000
  const isInTime = rollback.rtoDeadlineAt !== undefined && (rollback.endedAt ?? nowIso) <= rollback.rtoDeadlineAt
  const restored = Object.values(rollback.hosts).filter(({ state }) => state === 'done').length
  return `${reason}; ${restored} of ${Object.keys(rollback.hosts).length} hosts restored in ${minutes.toFixed(1)} minutes, RTO ${isInTime ? 'met' : 'missed'}${rollback.state === 'open' ? ', still running' : ''}`
}

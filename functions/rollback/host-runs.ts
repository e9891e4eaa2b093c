/** What the rings of a change did to each host of its plan, in the form of the outcomes room. */
import { byTextOf } from '../kit/by-text.ts'
import { ownValue } from '../kit/table.ts'
import type { Attempt, HostRun, HostVerdict } from '../outcomes/index.ts'
import { type Plan, packagesFor } from '../planning/index.ts'
import type { HostProgress, Ring, StepLog } from '../rollout/index.ts'
import { isTouched } from './open.ts'

export interface HostRunsInput {
  readonly plan: Plan
  /** Every ring of the change, including rollbacks. */
  readonly rings: readonly Ring[]
  /** Steps that ended, in the order in which they were recorded. */
  readonly steps: readonly StepLog[]
  /** Place of hosts without another in the plan. */
  readonly hub: { readonly account: string; readonly region: string }
}

/** One run for each host of the plan, including those that no ring reached. */
export function hostRunsOf({ plan, rings, steps, hub }: HostRunsInput): HostRun[] {
  const modeOf = new Map(rings.map(({ name, mode }) => [name, mode]))
  const attempts = Map.groupBy(steps, ({ hostId }) => hostId)
  const patched = placesOf(rings.filter(({ mode }) => mode === 'patch'))
  const restored = placesOf(rings.filter(({ mode }) => mode === 'rollback'))
  return plan.rings.flatMap(({ name, hosts }) =>
    hosts.map(({ hostId, platform, account, region, zone, services }): HostRun => {
      const back = restored.get(hostId)
      const own = (attempts.get(hostId) ?? []).map((step) => attemptOf(step, modeOf.get(step.ring) === 'rollback'))
      const { verdict, because } = back ? restoredVerdict(back.progress) : patchedVerdict(patched.get(hostId)?.progress)
      return {
        hostId,
        account: account ?? hub.account,
        region: region ?? hub.region,
        zone,
        services,
        ring: name,
        verdict,
        because,
        rollbackOpenedAt: back?.ring.openedAt,
        attempts: own,
        before: beforeOf(plan, hostId),
        wanted: packagesFor(plan.manifest.packages, platform).map(({ name, version }) => ({ name, version })),
      }
    }),
  )
}

interface Place {
  readonly ring: Ring
  readonly progress: HostProgress
}

/** A later ring of the same mode decides about a host. */
const placesOf = (rings: readonly Ring[]): ReadonlyMap<string, Place> =>
  new Map(
    rings
      .toSorted(byTextOf(({ openedAt }) => openedAt))
      .flatMap((ring) => Object.entries(ring.hosts).map(([hostId, progress]) => [hostId, { ring, progress }] as const)),
  )

interface Verdict {
  readonly verdict: HostVerdict
  readonly because?: string | undefined
}

const inWords = ({ step, state, because }: HostProgress) => `${state} at ${step}${because ? `: ${because}` : ''}`

function patchedVerdict(progress: HostProgress | undefined): Verdict {
  if (!progress) return { verdict: 'untouched' }
  const { state } = progress
  if (state === 'done') return { verdict: 'proven' }
  if (state !== 'waiting' && state !== 'sent') return { verdict: state, because: inWords(progress) }
  return isTouched(progress) ? { verdict: 'unknown', because: inWords(progress) } : { verdict: 'untouched' }
}

function restoredVerdict(progress: HostProgress): Verdict {
  const { state } = progress
  if (state === 'done') return { verdict: 'restored' }
  return { verdict: state === 'waiting' || state === 'sent' ? 'unknown' : state, because: inWords(progress) }
}

const attemptOf = (
  { ring, step, attempt, outcome, because, startedAt, endedAt }: StepLog,
  isRollback: boolean,
): Attempt => ({ ring, isRollback, step, attempt, verdict: outcome, because, startedAt, endedAt })

function beforeOf({ rollbackPlan }: Plan, hostId: string): HostRun['before'] {
  return Object.entries(ownValue(rollbackPlan.previousVersions, hostId) ?? {})
    .map(([name, version]) => ({ name, version }))
    .sort(byTextOf(({ name }) => name))
}

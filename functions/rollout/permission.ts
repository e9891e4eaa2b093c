/** Whether a ring that is open may go on: asked again at every turn, because what let it open may no longer be so. */
import type { CalendarReadings } from '../calendar/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Change, Stop } from '../changes/index.ts'
import { checkCalendar, type Plan } from '../planning/index.ts'
import { factsOf, isUnavailable } from './budgets.ts'
import { isFinal, type Ring } from './ring.ts'

export interface Refusal {
  readonly because: string
  /** When it can go on, where that is known. */
  readonly until?: string
}

export interface Permission {
  /** I18, I4: nothing is sent at all. */
  readonly stop?: Refusal
  /** I13: no further host is touched; those that are down come up again. */
  readonly closed?: Refusal
}

export interface PermissionFacts {
  readonly ring: Ring
  readonly plan: Plan
  readonly change: Change | undefined
  readonly catalogue: Catalogue | undefined
  /** What SSM said of the calendars that it keeps; absent: they count as closed. */
  readonly readings?: CalendarReadings | undefined
  readonly stop: Stop | undefined
  readonly nowIso: string
}

/** The kill switch, then the approval, then the calendar; a rollback is held up by none of them, as it may be all that brings hosts up again. */
export function permissionOf({ ring, plan, change, catalogue, readings, stop, nowIso }: PermissionFacts): Permission {
  if (ring.mode === 'rollback') return {}
  const { changeId, name, planHash } = ring
  if (stop && (stop.all || stop.changeIds.includes(changeId)))
    return { stop: { because: `stopped by ${stop.by}: ${stop.because}` } }
  if (!change) return { stop: { because: 'the change cannot be read' } }
  if (change.planHash !== planHash) return { stop: { because: 'the ring was opened for another plan' } }
  if (change.state !== 'in-progress' || change.ring !== name)
    return { stop: { because: `the change is ${change.state}` } }
  if (!catalogue) return { closed: { because: 'the catalogue cannot be read' } }
  const calendar = checkCalendar({
    plan,
    catalogue,
    readings,
    service: plan.service,
    ring: name,
    durationSeconds: longestLeft(ring, plan),
    nowIso,
    isEmergency: change.class === 'emergency',
  })
  return calendar.verdict === 'hold' ? { closed: calendar } : {}
}

/** Seconds that the longest host takes of those that were not taken down yet: each that starts must end in time. */
function longestLeft({ hosts }: Ring, plan: Plan): number {
  let longest = 0
  const facts = factsOf(plan)
  for (const [hostId, host] of Object.entries(hosts))
    if (!isFinal(host) && !isUnavailable(host)) longest = Math.max(longest, facts.get(hostId)?.durationSeconds ?? 0)
  return longest
}

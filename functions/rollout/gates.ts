/** Every gate before a ring opens; the first that does not say go, holds. */
import { type Ballot, isApproved } from '../approvals/index.ts'
import type { CalendarReadings } from '../calendar/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import { checkCalendar, type Plan } from '../planning/index.ts'

export interface GateFacts {
  readonly change: Change
  readonly ring: string
  readonly plan: Plan | undefined
  readonly ballot: Ballot | undefined
  readonly catalogue: Catalogue | undefined
  /** What SSM said of the calendars that it keeps; absent: they count as closed. */
  readonly readings?: CalendarReadings | undefined
  readonly stop: { readonly by: string; readonly because: string } | undefined
  /** Documents whose hash or version is no longer the one that the plan pins. */
  readonly changedDocuments: readonly string[]
  /** Probes of the service that are not healthy now, with why. */
  readonly failingProbes: readonly string[]
  /** Why evidence cannot be filed now, if it cannot (F42). */
  readonly evidenceFault: string | undefined
  readonly nowIso: string
}

export type GateResult =
  | { readonly verdict: 'go' }
  | { readonly verdict: 'hold'; readonly because: string; readonly until?: string }

const hold = (because: string): GateResult => ({ verdict: 'hold', because })

/** I4, I13, I18, I20: approved, in its window, not stopped, unchanged, healthy; a missing fact holds. */
export function checkGates({
  change,
  ring,
  plan,
  ballot,
  catalogue,
  readings,
  stop,
  changedDocuments,
  failingProbes,
  evidenceFault,
  nowIso,
}: GateFacts): GateResult {
  if (stop) return hold(`stopped by ${stop.by}: ${stop.because}`)
  if (evidenceFault !== undefined) return hold(`evidence cannot be filed: ${evidenceFault}`)
  if (!plan || change.planHash === undefined) return hold('the plan cannot be read')
  if (!ballot || !isApproved(ballot, change.planHash)) return hold('this plan is not approved by its quorum')
  if (!catalogue) return hold('the catalogue cannot be read')
  const service = catalogue.services.find(({ name }) => name === change.service)
  if (!service) return hold(`service ${change.service} is no longer in the catalogue`)
  if (changedDocuments.length > 0)
    return hold(`documents differ from the plan: ${changedDocuments.join(', ')}; plan and approve again`)
  // Every service whose hosts the ring takes down is asked for, not the change's own alone.
  const calendar = checkCalendar({
    plan,
    catalogue,
    readings,
    service: service.name,
    ring,
    nowIso,
    isEmergency: change.class === 'emergency',
  })
  if (calendar.verdict === 'hold') return calendar
  if (failingProbes.length > 0) return hold(`unhealthy before work: ${failingProbes.join('; ')}`)
  return { verdict: 'go' }
}

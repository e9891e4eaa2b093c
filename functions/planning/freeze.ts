/** 2.3: a freeze that makes a change miss its due date, and the extra vote that lets an emergency work in it. */
import type { CalendarReadings } from '../calendar/index.ts'
import { type Catalogue, type Policy, quorumFor } from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import { checkCalendar } from './check-calendar.ts'
import type { Plan } from './plan.ts'

interface FreezeQuestion {
  readonly plan: Plan
  readonly change: Pick<Change, 'class' | 'dueAt'>
  readonly catalogue: Catalogue
  readonly policy: Pick<Policy, 'approvals'>
  readonly readings?: CalendarReadings | undefined
  readonly nowIso: string
}

/**
 * The freeze in the way of the first ring, if without it the ring could start sooner and with it starts after the due
 * date; with the role whose vote overrides it, for an emergency whose policy names one.
 */
export function freezeInTheWay(question: FreezeQuestion): Plan['freeze'] {
  const { plan, change, catalogue, policy, readings, nowIso } = question
  const { dueAt } = change
  const [first] = plan.rings
  if (dueAt === undefined || !first) return undefined
  const startAt = (freezeOverriddenBy?: string): string | undefined => {
    const overridden = freezeOverriddenBy === undefined ? {} : { isEmergency: true, freezeOverriddenBy }
    const where = { plan, catalogue, readings, service: plan.service, ring: first.name, nowIso }
    const verdict = checkCalendar({ ...where, ...overridden })
    return verdict.verdict === 'go' ? nowIso : verdict.until
  }
  const [until, without] = [startAt(), startAt('anyone')]
  if (until === without || (until !== undefined && until <= dueAt)) return undefined
  const overrideRole = change.class === 'emergency' ? quorumFor(change, policy).freezeOverrideRole : undefined
  return {
    ...(until === undefined ? {} : { until }),
    breaksDueAt: dueAt,
    ...(overrideRole === undefined ? {} : { overrideRole }),
  }
}

/** Which due date a freeze breaks, and what would override it; undefined where none is in the way. */
export function freezeWords({ freeze }: Pick<Plan, 'freeze'>): string | undefined {
  if (!freeze) return undefined
  const { until, breaksDueAt, overrideRole } = freeze
  const how =
    overrideRole === undefined
      ? 'policy names nobody who could override it'
      : `the vote of ${overrideRole} on this plan, beside the others, overrides it`
  return `a freeze is in the way ${until === undefined ? 'with no end in sight' : `until ${until}`}, which breaks the due date ${breaksDueAt}; ${how}`
}

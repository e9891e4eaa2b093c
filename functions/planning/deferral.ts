/** 3.2: a patch that no clock hurries waits for its service's next routine cycle, and nobody is asked before it. */
import { windowSpans } from '../calendar/index.ts'
import type { Policy, Service } from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import { instantAfter, instantMs, isoInstant } from '../kit/time.ts'

/** Days after which a service without windows has its next cycle, where the policy does not say. */
const routineDaysDefault = 30
const dayMs = 86_400_000
/** Windows come weekly. */
const windowDaysMax = 15

/** Until when a change waits, and why. */
export interface Deferral {
  readonly until: string
  readonly because: string
}

/**
 * The wait of a change without due date ("fix on system upgrade", "defer"), counted from its opening: to the next window
 * of its service that opens after it, or without windows the policy's days. Undefined for any other, and for an
 * emergency; also where the policy sets 0 days, and for a service that the catalogue does not have.
 */
export function deferralOf(
  { openedAt, dueAt, class: changeClass }: Pick<Change, 'openedAt' | 'dueAt' | 'class'>,
  service: Pick<Service, 'name' | 'windows'> | undefined,
  { changes: { routineDays = routineDaysDefault } }: Pick<Policy, 'changes'>,
): Deferral | undefined {
  if (dueAt !== undefined || changeClass === 'emergency' || routineDays === 0 || !service) return undefined
  const openedMs = instantMs(openedAt)
  const next = windowSpans(service.windows, openedMs, openedMs + windowDaysMax * dayMs).find(
    ({ startMs }) => startMs > openedMs,
  )
  const what = 'no table gives it a due date (fix on system upgrade, or defer): it waits for'
  if (next)
    return { until: isoInstant(next.startMs), because: `${what} the next maintenance window of ${service.name}` }
  const days = `${routineDays} days, the cycle of services without windows`
  return { until: instantAfter(openedAt, routineDays * dayMs), because: `${what} ${days}` }
}

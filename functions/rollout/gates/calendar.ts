/** I13: windows, freezes and calendars of every service whose hosts the ring takes down. */
import { freezeOverriddenBy } from '../../approvals/index.ts'
import { checkCalendar } from '../../planning/index.ts'
import { type Gate, heldByDoubt, heldUntilTrigger } from './gate.ts'

/**
 * Holds outside a window, in a freeze, and if the remaining work would run into either; until the next opening, if any.
 */
export const calendarGate: Gate = {
  name: 'calendar',
  isAskedAt: 'every pass',
  leaves: 'hosts-down',
  check({ change, plan, ballot, catalogue, calendars, ring, inWork, nowIso }) {
    if (change.kind !== 'known') return heldByDoubt('the change', change)
    if (plan.kind !== 'known') return heldByDoubt('the plan', plan)
    if (catalogue.kind !== 'known') return heldByDoubt('the catalogue', catalogue)
    if (calendars.kind !== 'known') return heldByDoubt('the calendars that SSM keeps', calendars)
    // A ballot that cannot be read overrides nothing.
    const by =
      ballot.kind === 'known'
        ? freezeOverriddenBy(ballot.value, plan.value, change.value.planHash, catalogue.value.people)
        : undefined
    const verdict = checkCalendar({
      plan: plan.value,
      catalogue: catalogue.value,
      readings: calendars.value,
      service: change.value.service,
      ring,
      nowIso,
      isEmergency: change.value.class === 'emergency',
      freezeOverriddenBy: by,
      ...(inWork ? { durationSeconds: inWork.longestLeftSeconds } : {}),
    })
    if (verdict.verdict === 'go') return undefined
    const { because, until } = verdict
    if (until !== undefined) return { because, endedBy: { kind: 'time', at: until } }
    const isSsmSilent = [...calendars.value.values()].some((reading) => 'unknown' in reading)
    return heldUntilTrigger(because, isSsmSilent ? 'facts-readable' : 'catalogue-loaded')
  },
}

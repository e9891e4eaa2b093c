/** I13: windows, freezes and calendars of every service whose hosts the ring takes down. */
import { checkCalendar } from '../../planning/index.ts'
import { type Gate, heldByDoubt, heldUntilTrigger } from './gate.ts'

/** Holds outside of a window, in a freeze, and where what is left to do would run into either; until the next opening, if there is one. */
export const calendarGate: Gate = {
  name: 'calendar',
  isAskedAt: 'every pass',
  leaves: 'hosts-down',
  check({ change, plan, catalogue, ring, inWork, nowIso }) {
    if (change.kind !== 'known') return heldByDoubt('the change', change)
    if (plan.kind !== 'known') return heldByDoubt('the plan', plan)
    if (catalogue.kind !== 'known') return heldByDoubt('the catalogue', catalogue)
    const verdict = checkCalendar({
      plan: plan.value,
      catalogue: catalogue.value,
      service: change.value.service,
      ring,
      nowIso,
      isEmergency: change.value.class === 'emergency',
      ...(inWork ? { durationSeconds: inWork.longestLeftSeconds } : {}),
    })
    if (verdict.verdict === 'go') return undefined
    const { because, until } = verdict
    return until === undefined
      ? heldUntilTrigger(because, 'catalogue-loaded')
      : { because, endedBy: { kind: 'time', at: until } }
  },
}

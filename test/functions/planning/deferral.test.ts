import { describe, expect, it } from 'vitest'
import { deferralOf } from '../../../functions/planning/deferral.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import { anyChange } from '../changes/any-change.ts'

const policyOf = (routineDays?: number) => {
  const { routineDays: _, ...changes } = scenarioPolicy().changes
  return { changes: { ...changes, ...(routineDays === undefined ? {} : { routineDays }) } }
}
/** A Friday. */
const change = anyChange({ openedAt: '2026-01-02T03:04:05.000Z' })
const saturdays = {
  name: 'web',
  windows: [{ days: ['sat' as const], start: '22:00', durationMinutes: 240, timeZone: 'Europe/Berlin' }],
}

describe('3.2 a patch without a due date', () => {
  it('waits for the next window of its service, with the reason', () => {
    expect(deferralOf(change, saturdays, policyOf())).toEqual({
      until: '2026-01-03T21:00:00.000Z',
      because:
        'no table gives it a due date (fix on system upgrade, or defer): it waits for the next maintenance window of web',
    })
  })

  it('that is opened inside a window waits for the one after it', () => {
    const inside = { ...change, openedAt: '2026-01-03T22:00:00.000Z' }
    expect(deferralOf(inside, saturdays, policyOf())?.until).toBe('2026-01-10T21:00:00.000Z')
  })

  it.each([
    [undefined, '2026-02-01T03:04:05.000Z'],
    [7, '2026-01-09T03:04:05.000Z'],
  ])('of a service without windows waits for the cycle of the policy (%s)', (days, until) => {
    expect(deferralOf(change, { name: 'web', windows: [] }, policyOf(days))?.until).toBe(until)
  })

  it.each([
    ['it has a due date', { ...change, dueAt: '2026-03-01T00:00:00.000Z' }, saturdays, policyOf()],
    ['it is an emergency', { ...change, class: 'emergency' as const }, saturdays, policyOf()],
    ['the policy defers nothing', change, saturdays, policyOf(0)],
    ['the catalogue does not have the service', change, undefined, policyOf()],
  ])('waits for nothing where %s', (_, one, service, policy) => {
    expect(deferralOf(one, service, policy)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import type { HoldReason } from '../../../functions/changes/hold.ts'
import { heldChange } from '../../../functions/driver/held-change.ts'
import { anyChange } from '../changes/any-change.ts'

const now = '2026-03-02T10:00:00.000Z'
const reason = (gate: string, endedBy: HoldReason['endedBy']): HoldReason => ({
  gate,
  because: `${gate} says no`,
  endedBy,
})
const byTime = reason('calendar', { kind: 'time', at: '2026-03-03T00:00:00.000Z' })
const byTrigger = reason('probes', { kind: 'trigger', name: 'probes-healthy' })
const byRole = reason('stop', { kind: 'person', role: 'operations' })
const byPerson = reason('triage', { kind: 'person', personId: 'chloe' })
const anyHeld = (...heldFor: HoldReason[]) =>
  heldChange(anyChange({ state: 'held', updatedAt: '2026-03-02T08:29:31.000Z', heldFor }), now)

describe('2.2 heldChange', () => {
  it('says of each gate why it holds and what ends it, and for how many whole minutes', () => {
    expect(anyHeld(byTime, byTrigger, byRole, byPerson)).toEqual({
      changeId: anyChange().changeId,
      service: 'web',
      endedBy: 'person',
      heldMinutes: 90,
      holds: [
        { gate: 'calendar', because: 'calendar says no', ends: 'at 2026-03-03T00:00:00.000Z' },
        { gate: 'probes', because: 'probes says no', ends: 'by trigger probes-healthy' },
        { gate: 'stop', because: 'stop says no', ends: 'by role operations' },
        { gate: 'triage', because: 'triage says no', ends: 'by chloe' },
      ],
    })
  })

  it.each([
    ['time', [byTime]],
    ['trigger', [byTime, byTrigger]],
    ['person', [byTrigger, byPerson, byTime]],
  ] as const)('waits for a %s where that is the last that can come', (endedBy, reasons) => {
    expect(anyHeld(...reasons).endedBy).toBe(endedBy)
  })

  it.each([
    [
      'names its time',
      { heldUntil: '2026-03-03T00:00:00.000Z', heldBecause: 'frozen' },
      'frozen',
      'at 2026-03-03T00:00:00.000Z',
    ],
    ['is left to operations', { heldBecause: 'stopped by sven' }, 'stopped by sven', 'by role operations'],
    ['and no reason says so', {}, 'no reason is recorded', 'by role operations'],
  ] as const)('a record of before holds had ends %s', (_, over, because, ends) => {
    const held = heldChange(anyChange({ state: 'held', ...over }), now)
    expect(held.holds).toEqual([{ gate: 'unknown', because, ends }])
  })
})

import { describe, expect, it } from 'vitest'
import { Change } from '../../../functions/changes/change.ts'
import { HoldEnd, type HoldReason, heldEvent } from '../../../functions/changes/hold.ts'

const byTime = (gate: string, at: string): HoldReason => ({ gate, because: gate, endedBy: { kind: 'time', at } })
const [friday, saturday] = ['2026-01-02T22:00:00.000Z', '2026-01-03T22:00:00.000Z']
const evidence: HoldReason = {
  gate: 'evidence',
  because: 'evidence is late',
  endedBy: { kind: 'trigger', name: 'evidence-filed' },
}

describe('11.3 heldEvent', () => {
  it('lasts until the last of its times', () => {
    expect(heldEvent([byTime('freeze', saturday), byTime('window', friday)])).toMatchObject({ until: saturday })
  })

  it('has no known end as soon as one of its reasons has none', () => {
    expect(heldEvent([byTime('freeze', friday), evidence])).not.toHaveProperty('until')
  })

  it('says every reason, and the same one once', () => {
    const event = heldEvent([byTime('freeze', friday), evidence, { ...evidence, gate: 'other' }])
    expect(event.because).toBe('freeze; evidence is late')
    expect(event.heldFor).toHaveLength(3)
  })
})

describe('what ends a hold', () => {
  it.each([
    { kind: 'time', at: friday },
    { kind: 'trigger', name: 'probes-healthy' },
    { kind: 'person', role: 'change-manager' },
    { kind: 'person', personId: 'olivia' },
  ])('is $kind', (end) => {
    expect(HoldEnd.parse(end)).toEqual(end)
  })

  it.each([{ kind: 'never' }, { kind: 'trigger', name: 'some day' }, { kind: 'person' }, {}])(
    'is never open or unknown: %o',
    (end) => {
      expect(HoldEnd.safeParse(end).success).toBe(false)
    },
  )

  it('stands on the record of a change', () => {
    expect(Change.shape.heldFor.parse([evidence])).toEqual([evidence])
  })
})

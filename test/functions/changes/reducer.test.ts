import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ChangeEvent,
  ChangeState,
  heldEvent,
  legalMoves,
  moveChange,
  terminalStates,
} from '../../../functions/changes/index.ts'
import { anyChange, at } from './any-change.ts'

const joined: ChangeEvent = {
  type: 'finding-joined',
  findingId: 'F0000000000000000000000002',
  vulnerabilityIds: ['CVE-2024-1'],
  packages: [{ name: 'curl', fixedVersion: '8' }],
  dueAt: '2026-01-03T00:00:00.000Z',
  order: 90,
  reasons: ['worse'],
  needsForensicTriage: false,
  class: 'emergency',
}
const reassessed: ChangeEvent = {
  type: 'reassessed',
  findingId: 'F0000000000000000000000001',
  dueAt: '2026-01-03T00:00:00.000Z',
  order: 90,
  reasons: ['in KEV since today'],
  needsForensicTriage: true,
  class: 'emergency',
}
const held = heldEvent([
  { gate: 'calendar', because: 'freeze', endedBy: { kind: 'time', at: '2026-02-01T00:00:00.000Z' } },
])
const events: readonly ChangeEvent[] = [
  joined,
  reassessed,
  { type: 'assessed' },
  { type: 'planned', planHash: 'a'.repeat(64) },
  { type: 'review-opened' },
  { type: 'approval-asked' },
  { type: 'approved' },
  { type: 'rejected', because: 'no' },
  { type: 'expired' },
  { type: 'scheduled' },
  { type: 'ring-opened', ring: 'dev' },
  { type: 'ring-deployed', ring: 'dev', quarantined: [] },
  { type: 'ring-validated', ring: 'dev' },
  held,
  { type: 'released' },
  { type: 'rolled-back', because: 'worse', quarantined: [] },
  { type: 'closed', outcome: 'proven' },
  { type: 'cancelled', because: 'no need' },
  { type: 'superseded', by: '01J00000000000000000000002' },
]

describe('11.3 moveChange', () => {
  it('I7 refuses every event in every state that the table of moves does not name', () => {
    for (const state of ChangeState.options) {
      for (const event of events) {
        const result = moveChange(anyChange({ state }), event, at)
        expect('change' in result, `${event.type} from ${state}`).toBe(legalMoves[event.type].from.includes(state))
      }
    }
  })

  it('stands in the docs with every event', () => {
    const table = readFileSync(new URL('../../../docs/changes.md', import.meta.url), 'utf8')
    for (const event of Object.keys(legalMoves)) expect(table).toContain(`| ${event} |`)
  })

  it('I7 leaves no terminal state by any sequence of events', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (sequence) => {
        let change = anyChange({ state: 'draft' })
        for (const event of sequence) {
          const result = moveChange(change, event, at)
          if (terminalStates.includes(change.state)) expect(result).toHaveProperty('refused')
          if ('change' in result) change = result.change
        }
      }),
    )
  })

  it('joins a finding once, takes the earlier due date and the higher order, and makes an emergency of it', () => {
    const once = moveChange(anyChange({ dueAt: '2026-01-09T00:00:00.000Z' }), joined, at)
    if ('refused' in once) throw new Error('refused')
    const twice = moveChange(once.change, joined, at)
    expect(twice).toEqual(once)
    expect(once.change).toMatchObject({
      dueAt: '2026-01-03T00:00:00.000Z',
      order: 90,
      class: 'emergency',
      reasons: ['worse'],
    })
    expect(once.change.findingIds).toHaveLength(2)
    expect(once.change.packages).toHaveLength(2)
  })

  it.each(ChangeState.options.filter((state) => !terminalStates.includes(state)))(
    '3.6 is reassessed in state %s, stays there with everything that it waits for, and is so once',
    (state) => {
      const hold = state === 'held' ? ({ heldFrom: 'approved', heldBecause: 'freeze', heldUntil: at } as const) : {}
      const change = anyChange({ state, planHash: 'a'.repeat(64), ...hold })
      const later = '2026-01-09T00:00:00.000Z'
      const once = moveChange(change, reassessed, later)
      if ('refused' in once) throw new Error('refused')
      const { type, findingId, ...urgency } = reassessed
      expect(once.change).toEqual({ ...change, ...urgency, reassessedAt: later })
      expect(moveChange(once.change, reassessed, '2026-01-10T00:00:00.000Z')).toEqual(once)
    },
  )

  it('returns a released change to the state it was held from, with no trace of the hold', () => {
    const after = moveChange(anyChange({ state: 'approved' }), held, at)
    if ('refused' in after) throw new Error('refused')
    expect(after.change).toMatchObject({
      state: 'held',
      heldFrom: 'approved',
      heldBecause: 'freeze',
      heldUntil: '2026-02-01T00:00:00.000Z',
      heldFor: held.heldFor,
    })
    const released = moveChange(after.change, { type: 'released' }, at)
    expect(released).toEqual({ change: anyChange({ state: 'approved' }) })
  })
})

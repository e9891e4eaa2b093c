import { describe, expect, it } from 'vitest'
import { stopGate } from '../../../../functions/rollout/gates/stop.ts'
import { anyChange } from '../../changes/any-change.ts'
import { anyGateFacts, known } from './any-gate-facts.ts'

const { changeId } = anyChange()
const stop = (all: boolean, changeIds: readonly string[]) =>
  known({ all, changeIds: [...changeIds], because: 'smoke', by: 'sven' })
const held = { because: 'stopped by sven: smoke', endedBy: { kind: 'person', role: 'change-manager' } }

describe('I18 the kill switch', () => {
  it.each([
    ['for all', stop(true, []), held],
    ['for this change', stop(false, ['01J00000000000000000000999', changeId]), held],
    ['for another change', stop(false, ['01J00000000000000000000999']), undefined],
    ['for nobody', stop(false, []), undefined],
  ])('%s', (_, facts, expected) => {
    expect(stopGate.check(anyGateFacts({ stop: facts }))).toEqual(expected)
  })

  it('holds where some change is stopped and nobody can tell whether it is this one', () => {
    const facts = anyGateFacts({ stop: stop(false, ['01J00000000000000000000999']), change: { kind: 'missing' } })
    expect(stopGate.check(facts)).toMatchObject({ because: 'the change cannot be read: it is missing' })
  })
})

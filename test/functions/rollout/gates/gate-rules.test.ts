import { describe, expect, it } from 'vitest'
import {
  doubtOf,
  factSecondsMax,
  heldByDoubt,
  heldForRole,
  heldUntilTrigger,
} from '../../../../functions/rollout/gates/gate.ts'
import { stopGate } from '../../../../functions/rollout/gates/stop.ts'
import { anyGateFacts, known } from './any-gate-facts.ts'

describe('I20 a fact that is not known', () => {
  it.each([
    [{ kind: 'missing' }, 'the plan cannot be read: it is missing'],
    [{ kind: 'unreadable', because: 'bad JSON' }, 'the plan cannot be read: bad JSON'],
    [{ kind: 'late', seconds: 61 }, 'the plan cannot be trusted: read 61 s ago, 60 s are allowed'],
  ] as const)('holds until it can be read: %j', (fact, because) => {
    expect(doubtOf('the plan', fact)).toBe(because)
    expect(heldByDoubt('the plan', fact)).toEqual({ because, endedBy: { kind: 'trigger', name: 'facts-readable' } })
  })

  it('may be a minute old', () => {
    expect(factSecondsMax).toBe(60)
  })
})

describe('what ends a hold', () => {
  it('is a trigger or a person of a role, by name', () => {
    expect(heldUntilTrigger('why', 'evidence-filed')).toEqual({
      because: 'why',
      endedBy: { kind: 'trigger', name: 'evidence-filed' },
    })
    expect(heldForRole('why', 'operations')).toEqual({
      because: 'why',
      endedBy: { kind: 'person', role: 'operations' },
    })
  })
})

describe('I18 a kill switch that was never pulled', () => {
  it('holds nothing, though the change cannot be read', () => {
    const stop = known({ all: false, changeIds: [], because: '', by: '' })
    expect(stopGate.check(anyGateFacts({ stop, change: { kind: 'missing' } }))).toBeUndefined()
  })
})

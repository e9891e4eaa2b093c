import { describe, expect, it } from 'vitest'
import { approvalGate } from '../../../../functions/rollout/gates/approval.ts'
import { calendarGate } from '../../../../functions/rollout/gates/calendar.ts'
import { documentsGate } from '../../../../functions/rollout/gates/documents.ts'
import {
  doubtOf,
  factSecondsMax,
  heldByDoubt,
  heldForRole,
  heldUntilTrigger,
} from '../../../../functions/rollout/gates/gate.ts'
import { gates } from '../../../../functions/rollout/gates/gates.ts'
import { planGate } from '../../../../functions/rollout/gates/plan.ts'
import { stopGate } from '../../../../functions/rollout/gates/stop.ts'
import { anyChange } from '../../changes/any-change.ts'
import { anyPlan } from '../../planning/any-plan.ts'
import { anyGateFacts, anyPassFacts, changeOf, known } from './any-gate-facts.ts'

describe('I20 a fact that is not known', () => {
  it.each([
    [{ kind: 'missing' }, 'the plan cannot be read: it is missing'],
    [{ kind: 'unreadable', because: 'bad JSON' }, 'the plan cannot be read: bad JSON'],
    [{ kind: 'late', seconds: 61 }, 'the plan cannot be trusted: read 61 s ago, at most 60 s are allowed'],
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

describe('when each gate is asked, and what an open ring may still do while it holds', () => {
  it('is told by each: documents and probes matter only at the opening, and only stop and plan leave nothing', () => {
    expect(gates.map(({ name, isAskedAt, leaves }) => [name, isAskedAt, leaves])).toEqual([
      ['stop', 'every pass', 'nothing'],
      ['evidence', 'every pass', 'hosts-down'],
      ['plan', 'every pass', 'nothing'],
      ['approval', 'every pass', 'hosts-down'],
      ['documents', 'opening', 'hosts-down'],
      ['calendar', 'every pass', 'hosts-down'],
      ['probes', 'opening', 'hosts-down'],
    ])
  })
})

describe('I18 a kill switch that was never pulled', () => {
  it('holds nothing, though the change cannot be read', () => {
    const stop = known({ all: false, changeIds: [], because: '', by: '' })
    expect(stopGate.check(anyGateFacts({ stop, change: { kind: 'missing' } }))).toBeUndefined()
  })
})

describe('I20 each gate names the fact that it misses', () => {
  const missing = { kind: 'missing' } as const

  it.each([
    [approvalGate, { change: missing }, 'the change'],
    [calendarGate, { change: missing }, 'the change'],
    [calendarGate, { plan: missing }, 'the plan'],
    [documentsGate, { plan: missing }, 'the plan'],
  ] as const)('%j with %j', (gate, facts, what) => {
    expect(gate.check(anyGateFacts(facts))).toEqual(heldByDoubt(what, missing))
  })

  it('I4 a ballot that is missing waits for people, one that is unreadable for a reading', () => {
    const because = 'this plan is not approved by its quorum'
    expect(approvalGate.check(anyGateFacts({ ballot: missing }))).toEqual(
      heldForRole(`${because}: it has no ballot`, 'change-manager'),
    )
    expect(approvalGate.check(anyGateFacts({ ballot: { kind: 'unreadable', because: 'bad JSON' } }))).toEqual(
      heldUntilTrigger(`${because}: the ballot cannot be read: bad JSON`, 'facts-readable'),
    )
  })
})

describe('what ends the hold of a plan or its documents', () => {
  it('is a change manager, by name', () => {
    const [ring] = anyPlan().rings
    const rings = ring ? [{ ...ring, name: 'dev' }, ring] : []
    expect(planGate.check(anyGateFacts({ plan: known(anyPlan({ rings })) }))).toBeUndefined()
    expect(planGate.check(anyGateFacts({ ring: 'canary' }))).toEqual(
      heldForRole('the plan has no ring canary', 'change-manager'),
    )
    const other = changeOf({ state: 'in-progress', ring: 'production', planHash: 'b'.repeat(64) })
    expect(planGate.check(anyPassFacts({ change: other }))).toEqual(
      heldForRole('the ring was opened for another plan', 'change-manager'),
    )
    const { planHash: _, ...rest } = anyChange({ state: 'approved' })
    expect(planGate.check(anyGateFacts({ change: known(rest) }))).toEqual(
      heldForRole('the change has no plan', 'change-manager'),
    )
  })

  it('B43 every document that changed is named', () => {
    const pins = Object.values(anyPlan().manifest.documents)
    expect(documentsGate.check(anyGateFacts({ documents: known(new Map()) }))?.because).toBe(
      `documents differ from the plan: ${pins.map(({ name }) => name).join(', ')}; plan the change again and have it approved`,
    )
  })
})
